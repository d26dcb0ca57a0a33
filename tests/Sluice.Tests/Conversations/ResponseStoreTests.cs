using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Conversations;
using Sluice.Formats;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Tests.Conversations;

public sealed class ResponseStoreTests
{
    private static readonly IChatServerFormat Format = WireFormats.Find<IChatServerFormat>(WireFormatId.OpenAIResponses)!;

    private readonly ManualTime _time = new();

    private static ChatRequest Decode(string json) => Format.DecodeRequest(new WireRequest { Body = Encoding.UTF8.GetBytes(json) }).Value.ShouldNotBeNull();

    private static byte[] Answer(string id, string output, string status = "completed") =>
        Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","object":"response","status":"{{status}}","output":[{{output}}]}""");

    private static string Message(string id, string text) =>
        $$"""{"type":"message","id":"{{id}}","role":"assistant","status":"completed","phase":"final_answer","content":[{"type":"output_text","text":"{{text}}","annotations":[]}]}""";

    private static bool Remember(ResponseStore store, string request, byte[] answer, string owner = "ann") =>
        store.Remember(owner, Decode(request), Encoding.UTF8.GetBytes(request), answer);

    private static IEnumerable<string> Texts(ChatRequest request) => request.Messages.SelectMany(m => m.Parts).OfType<TextPart>().Select(p => p.Text);

    private ResponseStore Store(ConversationBounds? bounds = null) => new(bounds ?? new ConversationBounds(), _time);

    [Fact]
    public void Expand_WithPreviousResponse_PutsTheWholeConversationBefore()
    {
        var store = Store();
        Remember(store, """{"model":"m","instructions":"Old.","input":"one"}""", Answer("resp_1", Message("msg_1", "two"))).ShouldBeTrue();
        Remember(store, """{"model":"m","previous_response_id":"resp_1","input":[{"role":"user","content":"three"}]}""", Answer("resp_2", Message("msg_2", "four"))).ShouldBeTrue();

        var expanded = store.Expand(Decode("""{"model":"m","instructions":"New.","previous_response_id":"resp_2","input":"five"}"""), "ann").Value.ShouldNotBeNull();

        Texts(expanded).ShouldBe(["New.", "one", "two", "three", "four", "five"]);
        expanded.Messages.Select(m => m.Role.Value).ShouldBe(["system", "user", "assistant", "user", "assistant", "user"]);
        expanded.PreviousResponseId.ShouldBeNull();
        expanded.UsesServerState.ShouldBeFalse();
    }

    [Fact]
    public void Expand_ToolTurn_LinksResultsAndSignatures()
    {
        var store = Store();
        string signed = Formats.Shared.SignatureEnvelope.Write(new Signature("c2ln", "anthropic"), "openai");
        Remember(
            store,
            """{"model":"m","input":"Weather?"}""",
            Answer("resp_1", $$"""{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"{{signed}}"},{"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":"{}"}""")).ShouldBeTrue();

        var expanded = store.Expand(Decode("""{"model":"m","previous_response_id":"resp_1","input":[{"type":"function_call_output","call_id":"call_1","output":"11"}]}"""), "ann").Value.ShouldNotBeNull();

        var parts = expanded.Messages.SelectMany(m => m.Parts).ToList();
        parts[1].ShouldBeOfType<ReasoningPart>().Signature.ShouldBe(new Signature("c2ln", "anthropic"));
        parts[2].ShouldBeOfType<ToolCallPart>().CallId.ShouldBe("call_1");
        parts[3].ShouldBeOfType<ToolResultPart>().CallId.ShouldBe("call_1");
    }

    [Fact]
    public void Expand_ItemReferences_AreReplacedByTheirItems()
    {
        var store = Store();
        Remember(store, """{"model":"m","input":"one"}""", Answer("resp_1", Message("msg_1", "two"))).ShouldBeTrue();
        var request = Decode("""{"model":"m","input":[{"role":"user","content":"one"},{"type":"item_reference","id":"msg_1"},{"role":"user","content":"three"}]}""");
        request.UsesServerState.ShouldBeTrue();

        var expanded = store.Expand(request, "ann").Value.ShouldNotBeNull();

        Texts(expanded).ShouldBe(["one", "two", "three"]);
        expanded.UsesServerState.ShouldBeFalse();
    }

    [Fact]
    public void Expand_UnknownItem_Is404()
    {
        var error = Store().Expand(Decode("""{"model":"m","input":[{"type":"item_reference","id":"msg_9"}]}"""), "ann").Error.ShouldNotBeNull();

        error.StatusOrDefault.ShouldBe(404);
        error.Message.ShouldContain("Item with id 'msg_9' not found.");
    }

    [Fact]
    public void Expand_UnknownPreviousResponse_FailsInOpenAIsWords()
    {
        var error = Store().Expand(Decode("""{"model":"m","previous_response_id":"resp_9","input":"x"}"""), "ann").Error.ShouldNotBeNull();

        error.Message.ShouldBe("Previous response with id 'resp_9' not found.");
        error.Code.ShouldBe("previous_response_not_found");
        error.Param.ShouldBe("previous_response_id");
        var body = new ArrayBufferWriter<byte>();
        Format.EncodeError(error, body);
        JsonAssert.Difference(
            """{"error":{"message":"Previous response with id 'resp_9' not found.","type":"invalid_request_error","param":"previous_response_id","code":"previous_response_not_found"}}""",
            Encoding.UTF8.GetString(body.WrittenSpan)).ShouldBeNull();
    }

    [Fact]
    public void Expand_RequestWithoutState_IsTheSameObject()
    {
        var request = Decode("""{"model":"m","input":"x"}""");

        Store().Expand(request, "ann").Value.ShouldBeSameAs(request);
    }

    [Fact]
    public void Owners_DoNotSeeEachOther()
    {
        var store = Store();
        Remember(store, """{"model":"m","input":"one"}""", Answer("resp_1", Message("msg_1", "two")), "ann").ShouldBeTrue();

        store.Find("bob", "resp_1").ShouldBeNull();
        store.Delete("bob", "resp_1").ShouldBeFalse();
        store.Expand(Decode("""{"model":"m","previous_response_id":"resp_1","input":"x"}"""), "bob").Error.ShouldNotBeNull();
        store.Expand(Decode("""{"model":"m","input":[{"type":"item_reference","id":"msg_1"}]}"""), "bob").Error.ShouldNotBeNull();
        store.Find("ann", "resp_1").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("""{"model":"m","input":"one","store":false}""", "completed")]
    [InlineData("""{"model":"m","input":"one"}""", "failed")]
    [InlineData("""{"model":"m","input":"one"}""", "in_progress")]
    [InlineData("""{"model":"m","input":"one","previous_response_id":"resp_9"}""", "completed")]
    public void Remember_WhatMustNotBeKept_KeepsNothing(string request, string status)
    {
        var store = Store();

        Remember(store, request, Answer("resp_1", "", status)).ShouldBeFalse();

        store.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":"resp_1","status":"completed"}""")]
    public void Remember_SomethingElseThanAnAnswer_KeepsNothing(string answer) =>
        Remember(Store(), """{"model":"m","input":"one"}""", Encoding.UTF8.GetBytes(answer)).ShouldBeFalse();

    [Fact]
    public void Store_BeyondItsCount_ForgetsWhatWasUsedLongestAgo()
    {
        var store = Store(new ConversationBounds { MaxCount = 2 });
        Remember(store, """{"model":"m","input":"1"}""", Answer("resp_1", ""));
        Remember(store, """{"model":"m","input":"2"}""", Answer("resp_2", ""));
        store.Find("ann", "resp_1").ShouldNotBeNull();
        Remember(store, """{"model":"m","input":"3"}""", Answer("resp_3", ""));

        store.Find("ann", "resp_1").ShouldNotBeNull();
        store.Find("ann", "resp_2").ShouldBeNull();
        store.Count.ShouldBe(2);
    }

    [Fact]
    public void Store_BeyondItsBytes_ForgetsAndCounts()
    {
        var store = Store(new ConversationBounds { MaxBytes = 3500 });
        string text = new('x', 1000);
        for (int i = 1; i <= 3; i++) Remember(store, """{"model":"m","input":"1"}""", Answer($"resp_{i}", Message($"msg_{i}", text))).ShouldBeTrue();

        store.Count.ShouldBe(2);
        store.Bytes.ShouldBeInRange(2000, 3500);
        Remember(store, """{"model":"m","input":"1"}""", Answer("resp_9", Message("msg_9", new string('x', 5000)))).ShouldBeFalse();
        store.Delete("ann", "resp_2").ShouldBeTrue();
        store.Delete("ann", "resp_3").ShouldBeTrue();
        store.Bytes.ShouldBe(0);
    }

    [Fact]
    public void Store_AfterItsAge_IsEmpty()
    {
        var store = Store(new ConversationBounds { MaxAge = TimeSpan.FromHours(1) });
        Remember(store, """{"model":"m","input":"1"}""", Answer("resp_1", ""));
        _time.Advance(TimeSpan.FromMinutes(50));
        store.Find("ann", "resp_1").ShouldNotBeNull();
        _time.Advance(TimeSpan.FromMinutes(50));
        store.Find("ann", "resp_1").ShouldNotBeNull(); // used in between
        _time.Advance(TimeSpan.FromMinutes(61));

        store.Find("ann", "resp_1").ShouldBeNull();
        store.Count.ShouldBe(0);
    }

    [Fact]
    public void Delete_TurnThatOthersBuildOn_KeepsThemWhole()
    {
        var store = Store();
        Remember(store, """{"model":"m","input":"one"}""", Answer("resp_1", Message("msg_1", "two")));
        Remember(store, """{"model":"m","previous_response_id":"resp_1","input":"three"}""", Answer("resp_2", Message("msg_2", "four")));

        store.Delete("ann", "resp_1").ShouldBeTrue();

        store.Find("ann", "resp_1").ShouldBeNull();
        store.Delete("ann", "resp_1").ShouldBeFalse();
        store.Expand(Decode("""{"model":"m","previous_response_id":"resp_1","input":"x"}"""), "ann").Error.ShouldNotBeNull();
        Texts(store.Expand(Decode("""{"model":"m","previous_response_id":"resp_2","input":"five"}"""), "ann").Value!).ShouldBe(["one", "two", "three", "four", "five"]);
    }

    [Fact]
    public void Find_GivesTheAnswerAndItsInput()
    {
        var store = Store();
        byte[] answer = Answer("resp_1", Message("msg_1", "two"));
        Remember(store, """{"model":"m","input":[{"role":"user","content":"one"},{"type":"function_call_output","call_id":"c","output":"x"},{"type":"message","id":"msg_0","role":"assistant","content":"hm"}]}""", answer);

        var stored = store.Find("ann", "resp_1").ShouldNotBeNull();

        stored.Json.ToArray().ShouldBe(answer);
        var items = InputItems(stored, 100, ascending: true);
        items.GetProperty("data").EnumerateArray().Select(i => i.GetProperty("type").GetString()).ShouldBe(["message", "function_call_output", "message"]);
        items.GetProperty("data")[0].GetProperty("content")[0].GetProperty("type").GetString().ShouldBe("input_text");
        items.GetProperty("data")[2].GetProperty("id").GetString().ShouldBe("msg_0");
        items.GetProperty("has_more").GetBoolean().ShouldBeFalse();
        var first = InputItems(stored, 1, ascending: false);
        first.GetProperty("data")[0].GetProperty("id").GetString().ShouldBe("msg_0");
        first.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        var next = InputItems(stored, 1, ascending: false, after: first.GetProperty("last_id").GetString());
        next.GetProperty("data")[0].GetProperty("type").GetString().ShouldBe("function_call_output");
        if (OpenApiSchema.IsAvailable) OpenApiSchema.Of("ResponseItemList").Fault(first).ShouldBeNull();
    }

    [Theory]
    [InlineData("event: response.output_item.done\ndata: {\"x\":1}\n\nevent: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\"}}\n\n", """{"id":"r"}""")]
    [InlineData("event: response.incomplete\ndata: {\"response\":{\"id\":\"r\"}}\n\n", """{"id":"r"}""")]
    [InlineData("event: response.failed\ndata: {\"response\":{\"id\":\"r\"}}\n\n", null)]
    [InlineData("", null)]
    public void ResponseOfStream_TakesTheLastEventsResponse(string written, string? expected)
    {
        var response = ResponseStore.ResponseOfStream(Encoding.UTF8.GetBytes(written));

        (response is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null).ShouldBe(expected);
    }

    [Fact]
    public void Store_UsedFromManyThreads_StaysWithinItsBounds()
    {
        var store = Store(new ConversationBounds { MaxCount = 50 });

        Parallel.For(0, 2000, i =>
        {
            Remember(store, """{"model":"m","input":"1"}""", Answer($"resp_{i}", Message($"msg_{i}", "x")), $"owner{i % 3}");
            store.Find($"owner{i % 3}", $"resp_{i / 2}");
            store.Delete($"owner{i % 3}", $"resp_{i / 3}");
        });

        store.Count.ShouldBeInRange(1, 50);
    }

    private static JsonElement InputItems(StoredResponse stored, int limit, bool ascending, string? after = null)
    {
        var output = new ArrayBufferWriter<byte>();
        stored.WriteInputItems(output, limit, ascending, after);
        return JsonDocument.Parse(output.WrittenMemory).RootElement;
    }
}
