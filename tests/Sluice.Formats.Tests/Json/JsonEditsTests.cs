using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Json;

public sealed class JsonEditsTests
{
    [Theory]
    [InlineData("""{ "model" : "a" , "x":1 }""", """{ "model" : "b" , "x":1 }""")]
    [InlineData("""{}""", """{"model":"b"}""")]
    [InlineData("""{ }""", """{"model":"b" }""")]
    [InlineData("{\n  \"x\": 1\n}\n", "{\n  \"x\": 1,\"model\":\"b\"\n}\n")]
    [InlineData("""{"mod\u0065l":"a"}""", """{"mod\u0065l":"b"}""")]
    [InlineData("""{"model":"a","x":1,"model":"c"}""", """{"x":1,"model":"b"}""")]
    public void Set_OfAMember_ChangesItsBytesAlone(string body, string expected) => Edit(body, e => e.Set("model"u8, "\"b\""u8.ToArray())).ShouldBe(expected);

    [Theory]
    [InlineData("""{"a":1,"b":2,"c":3}""", "a", """{"b":2,"c":3}""")]
    [InlineData("""{"a":1,"b":2,"c":3}""", "b", """{"a":1,"c":3}""")]
    [InlineData("""{"a":1,"b":2,"c":3}""", "c", """{"a":1,"b":2}""")]
    [InlineData("""{"a":1,"b":2,"c":3}""", "ab", """{"c":3}""")]
    [InlineData("""{"a":1,"b":2,"c":3}""", "bc", """{"a":1}""")]
    [InlineData("""{ "a" : 1 , "b" : 2 }""", "ab", """{ }""")]
    [InlineData("""{"a":1,"b":2,"a":3}""", "a", """{"b":2}""")]
    [InlineData("""{"a":1}""", "z", """{"a":1}""")]
    public void Remove_OfMembers_TakesTheirCommasAlong(string body, string names, string expected) =>
        Edit(body, e =>
        {
            foreach (char name in names) e.Remove([(byte)name]);
        }).ShouldBe(expected);

    [Fact]
    public void Set_ToTheSameValue_IsNoEdit()
    {
        var edits = Of("""{"model":"a"}""");

        edits.Set("model"u8, "\"a\""u8.ToArray());

        edits.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Apply_OfSeveralEditsOfOneMember_DoesTheLast()
    {
        Edit("""{"a":1,"b":2}""", e =>
        {
            e.Set("a"u8, "5"u8.ToArray());
            e.Set("a"u8, "6"u8.ToArray());
            e.Set("n"u8, "7"u8.ToArray());
            e.Set("n"u8, "8"u8.ToArray());
            e.Remove("b"u8);
            e.Set("b"u8, "2"u8.ToArray());
            e.Set("gone"u8, "1"u8.ToArray());
            e.Remove("gone"u8);
        }).ShouldBe("""{"a":6,"b":2,"n":8}""");
    }

    [Fact]
    public void Replace_BelowTheTopLevel_IsLeftOutWhereItsMemberIsRemoved()
    {
        const string body = """{"a":{"x":1},"b":{"x":2}}""";
        int first = body.IndexOf('1', StringComparison.Ordinal), second = body.IndexOf('2', StringComparison.Ordinal);

        Edit(body, e =>
        {
            e.Replace(second, second + 1, "22"u8.ToArray());
            e.Replace(first, first + 1, "11"u8.ToArray());
            e.Remove("a"u8);
        }).ShouldBe("""{"b":{"x":22}}""");
    }

    [Fact]
    public void Apply_Twice_GivesTheSame()
    {
        var edits = Of("""{"a":1}""");
        edits.Set("a"u8, "2"u8.ToArray());
        edits.Set("b"u8, "3"u8.ToArray());
        var first = new ArrayBufferWriter<byte>();
        var second = new ArrayBufferWriter<byte>();

        edits.Apply(first);
        edits.Apply(second);

        second.WrittenSpan.SequenceEqual(first.WrittenSpan).ShouldBeTrue();
    }

    [Fact]
    public void Apply_OfAnyEditsToAnyObject_EqualsTheSameEditsOfATree()
    {
        PropertyChecks.Holds(Cases(), edited =>
        {
            string result = Edit(edited.Body, e => edited.Apply((name, json) => e.Set(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(json)), name => e.Remove(Encoding.UTF8.GetBytes(name))));

            var tree = JsonNode.Parse(edited.Body)!.AsObject();
            edited.Apply((name, json) => tree[name] = JsonNode.Parse(json), name => tree.Remove(name));
            JsonNode.DeepEquals(JsonNode.Parse(result), tree).ShouldBeTrue($"{edited.Body} became {result}, not {tree.ToJsonString()}");
        });
    }

    [Fact]
    public void Apply_OfAnySets_KeepsTheBytesOfEveryOtherMember()
    {
        PropertyChecks.Holds(Cases(), edited =>
        {
            string result = Edit(edited.Body, e => edited.Apply((name, json) => e.Set(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(json)), _ => { }));

            var before = JsonMembers.Scan(Encoding.UTF8.GetBytes(edited.Body), out _)!;
            var after = JsonMembers.Scan(Encoding.UTF8.GetBytes(result), out _).ShouldNotBeNull();
            var touched = edited.Steps.Where(s => s.Json is not null).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
            for (int i = 0; i < before.Count; i++)
            {
                string name = Encoding.UTF8.GetString(before.Body.Span.Slice(before[i].NameStart, before[i].NameLength));
                if (touched.Contains(name)) continue;
                after.Value(after[i]).SequenceEqual(before.Value(before[i])).ShouldBeTrue();
            }
        });
    }

    private static Gen<EditCase> Cases()
    {
        var space = Gen.Elements("", "", "", " ", "\n", "\t ", "\r\n  ");
        var value = Gen.Elements("1", "-2.50", "1e3", "\"text\"", "\"a,}{\\\"\"", "null", "true", "[]", "[1, {\"a\":2}]", "{}", "{ \"a\" : {\"b\":[1,2]} }", "\"ä💧\\u00e4\"");
        var names = Gen.Shuffle(new[] { "a", "b", "c", "d", "e", "ä" }).SelectMany(all => Gen.Choose(0, all.Length).Select(count => all[..count]));
        var body =
            from chosen in names
            from values in Gen.ArrayOf(value, chosen.Length)
            from spaces in Gen.ArrayOf(space, (chosen.Length * 4) + 2)
            select spaces[0] + "{" + string.Join(',', chosen.Select((name, i) => $"{spaces[(4 * i) + 1]}\"{name}\"{spaces[(4 * i) + 2]}:{spaces[(4 * i) + 3]}{values[i]}{spaces[(4 * i) + 4]}")) + "}" + spaces[^1];
        var step =
            from name in Gen.Elements("a", "b", "c", "d", "e", "ä", "new", "newer")
            from json in Gen.OneOf(value.Select(v => (string?)v), Gen.Constant((string?)null))
            select new Step(name, json);
        return from text in body from steps in Gen.ListOf(step) select new EditCase(text, [.. steps]);
    }

    private static JsonEdits Of(string body) => new(JsonMembers.Scan(Encoding.UTF8.GetBytes(body), out _).ShouldNotBeNull());

    private static string Edit(string body, Action<JsonEdits> edit)
    {
        var edits = Of(body);
        edit(edits);
        var output = new ArrayBufferWriter<byte>();
        edits.Apply(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>One edit: a value to set, or none to remove.</summary>
    private sealed record Step(string Name, string? Json);

    /// <summary>A body and what is done to it.</summary>
    private sealed record EditCase(string Body, Step[] Steps)
    {
        public void Apply(Action<string, string> set, Action<string> remove)
        {
            foreach (var step in Steps)
            {
                if (step.Json is null) remove(step.Name);
                else set(step.Name, step.Json);
            }
        }

        public override string ToString() => $"{Body} <- {string.Join("; ", Steps.Select(s => $"{s.Name}={s.Json ?? "(removed)"}"))}";
    }
}
