using System.Text.Json;

namespace Sluice.Gateway.Tests;

/// <summary>Schemas are sent in the subset that the vendor understands; what had to be left out is told.</summary>
public sealed class SchemaSubsetTests
{
    private const string Choice = """{"type":"object","properties":{"t":{"type":"string"}},"required":["t"],"KEYWORD":[{"type":"object","properties":{"content":{"type":"string"},"id":{"type":"string"}},"required":["content","id"]},{"type":"object","properties":{"url":{"type":"string"},"id":{"type":"integer"}},"required":["url","id"]}]}""";

    public static TheoryData<string, string, string> Roots => new(
        from model in new[] { ("ant/claude-sonnet-4-5", "tools.0.input_schema"), ("bed/anthropic.claude-sonnet-4-5-20250929-v1:0", "toolConfig.tools.0.toolSpec.inputSchema.json"), ("gem/gemini-2.5-flash", "tools.0.functionDeclarations.0.parametersJsonSchema"), ("coh/m", "tools.0.function.parameters"), ("mis/m", "tools.0.function.parameters") }
        from keyword in new[] { "anyOf", "oneOf", "allOf" }
        select (model.Item1, model.Item2, keyword));

    [Theory]
    [MemberData(nameof(Roots))]
    public async Task ChoiceAtTheRootOfATool_BecomesOneObject_AndIsTold(string model, string place, string keyword)
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await Tool(probe, model, Choice.Replace("KEYWORD", keyword, StringComparison.Ordinal));

        sent.Status.ShouldBe(200, sent.Answer);
        var schema = JsonDocument.Parse(sent[place]!).RootElement;
        schema.TryGetProperty(keyword, out _).ShouldBeFalse(sent.Text);
        schema.GetProperty("type").GetString().ShouldBe("object");
        schema.GetProperty("properties").EnumerateObject().Select(p => p.Name).ShouldBe(["t", "content", "id", "url"]);
        schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()).ShouldBe(keyword == "allOf" ? ["t", "content", "id", "url"] : ["t", "id"], ignoreOrder: true);
        sent.Dropped.ShouldContain("tools[0].parameters");
    }

    [Fact]
    public async Task ReferenceAtTheRoot_IsFollowed_AndItsDefinitionsStay()
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await Tool(probe, "ant/claude-sonnet-4-5", """{"$ref":"#/$defs/A","$defs":{"A":{"type":"object","properties":{"b":{"$ref":"#/$defs/B"}}},"B":{"type":"string"}}}""");

        sent["tools.0.input_schema.type"].ShouldBe("object", sent.Text);
        sent["tools.0.input_schema.properties.b.$ref"].ShouldBe("#/$defs/B");
        sent["tools.0.input_schema.$defs.B.type"].ShouldBe("string");
    }

    [Theory]
    [InlineData("compat/m")]
    [InlineData("oll/m")]
    public async Task ServerOfAnyMaker_GetsTheSchemaAsItIs(string model)
    {
        await using var probe = await RequestProbe.StartAsync();
        string schema = Choice.Replace("KEYWORD", "anyOf", StringComparison.Ordinal);

        var sent = await probe.SendAsync("/v1/messages", $$"""{"model":"{{model}}","max_tokens":5,"tools":[{"name":"f","input_schema":{{schema}} }],"messages":[{"role":"user","content":"hi"}]}""");

        sent["tools.0.function.parameters"].ShouldBe(schema, sent.Text);
        sent.Dropped.ShouldNotContain("tools");
    }

    [Fact]
    public async Task OwnFormat_IsLeftAsItIs()
    {
        await using var probe = await RequestProbe.StartAsync();
        string schema = Choice.Replace("KEYWORD", "anyOf", StringComparison.Ordinal);

        var sent = await probe.SendAsync("/v1/messages", $$"""{"model":"ant/claude-sonnet-4-5","max_tokens":5,"tools":[{"name":"f","input_schema":{{schema}} }],"messages":[{"role":"user","content":"hi"}]}""");

        sent["tools.0.input_schema"].ShouldBe(schema, sent.Text);
    }

    [Theory]
    [InlineData("oai/gpt-4.1", "tools.0.function")]
    [InlineData("both/gpt-4.1", "tools.0.function")]
    [InlineData("cere/m", "tools.0.function")]
    public async Task StrictTool_OfAnotherFormat_IsClosed_WithoutWhatStrictOnesLack(string model, string place)
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync("/v1/messages", $$"""
            {"model":"{{model}}","max_tokens":5,"messages":[{"role":"user","content":"hi"}],"tools":[{"name":"f","strict":true,"input_schema":{"type":"object","required":["a","b"],
            "properties":{"a":{"oneOf":[{"type":"string"},{"type":"null"}]},"b":{"type":"array","uniqueItems":true,"items":{"type":"object","properties":{"c":{"type":"string","default":"x"} },"required":["c"]} } } } }]}
            """);

        sent[$"{place}.strict"].ShouldBe("true", sent.Text);
        sent[$"{place}.parameters.additionalProperties"].ShouldBe("false");
        sent[$"{place}.parameters.properties.a.anyOf"].ShouldNotBeNull();
        sent[$"{place}.parameters.properties.b"].ShouldBe("""{"type":"array","items":{"type":"object","properties":{"c":{"type":"string"}},"required":["c"],"additionalProperties":false}}""");
        sent.Dropped.ShouldContain("tools[0].parameters");
    }

    [Fact]
    public async Task StrictTool_WithArgumentsThatMayBeLeftOut_IsNotHeldToItsSchema()
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync("/v1/messages", """{"model":"oai/gpt-4.1","max_tokens":5,"messages":[{"role":"user","content":"hi"}],"tools":[{"name":"f","strict":true,"input_schema":{"type":"object","properties":{"a":{"type":"string"}}}}]}""");

        sent["tools.0.function.strict"].ShouldBe("false", sent.Text);
        sent["tools.0.function.parameters"].ShouldBe("""{"type":"object","properties":{"a":{"type":"string"}}}""");
        sent.Dropped.ShouldContain("tools[0].strict");
    }

    [Theory]
    [InlineData("groq/m", """{"type":"object","properties":{"a":{"type":"string","uniqueItems":true}},"required":["a"]}""", """{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""", "response_format.json_schema.schema")]
    [InlineData("cere/m", """{"type":"object","properties":{"a":{"type":"string","pattern":"x","format":"date"}},"required":["a"]}""", """{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""", "response_format.json_schema.schema")]
    [InlineData("coh/m", """{"type":"object","properties":{"a":{"type":"integer","minimum":1}},"required":["a"],"additionalProperties":false}""", """{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""", "response_format.json_schema")]
    [InlineData("gem/gemini-2.5-flash", """{"type":"object","properties":{"a":{"const":"x"}},"required":["a"]}""", """{"type":"object","properties":{"a":{"enum":["x"]}},"required":["a"]}""", "generationConfig.responseJsonSchema")]
    public async Task SchemaOfAnAnswer_IsFitted(string model, string schema, string expected, string place)
    {
        await using var probe = await RequestProbe.StartAsync();

        var sent = await probe.SendAsync("/v1/responses", $$$"""{"model":"{{{model}}}","input":"hi","text":{"format":{"type":"json_schema","name":"a","strict":true,"schema":{{{schema}}} } } }""");

        sent[place].ShouldBe(expected, sent.Text);
        sent.Dropped.Contains("answer_format.schema", StringComparison.Ordinal).ShouldBe(!model.StartsWith("gem", StringComparison.Ordinal));
    }

    private static Task<Probed> Tool(RequestProbe probe, string model, string schema) =>
        probe.SendAsync("/v1/chat/completions", $$$"""{"model":"{{{model}}}","messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"attach","parameters":{{{schema}}} } }]}""");
}
