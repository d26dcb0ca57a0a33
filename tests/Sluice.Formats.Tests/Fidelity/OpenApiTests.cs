using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Chat;
using Sluice.Embeddings;
using Sluice.Errors;
using Sluice.Formats.Tests.Grammar;
using Sluice.Streaming;
using Sluice.TestKit;
using Sluice.Wire;

namespace Sluice.Formats.Tests.Fidelity;

/// <summary>What our encoders write in OpenAI's dialects is valid by OpenAI's own description, whatever it was made from.</summary>
public sealed class OpenApiTests
{
    private const int Streams = 400;

    public static TheoryData<string, string, string> ChatDialects { get; } = new()
    {
        { "openai-chat", "CreateChatCompletionResponse", "CreateChatCompletionStreamResponse" },
        { "openai-responses", "Response", "ResponseStreamEvent" },
        { "openai-completions", "CreateCompletionResponse", "CreateCompletionResponse" },
    };

    public static TheoryData<string> Kinds { get; } =
    [
        "authentication", "permission", "not_found", "invalid_request", "too_large", "context_too_long", "rate_limited", "quota_spent", "content_filter", "overloaded", "timeout", "network",
        "malformed_answer", "upstream", "internal", "budget_spent", "canceled", "odd_kind",
    ];

    [Theory]
    [MemberData(nameof(ChatDialects))]
    public void Encode_GeneratedStreams_AreValid(string dialect, string whole, string streamed)
    {
        SkipWithoutDescription();
        var (answers, events) = (OpenApiSchema.Of(whole), OpenApiSchema.Of(streamed));
        var faults = new List<string>();
        for (int seed = 0; seed < Streams; seed++)
        {
            var stream = EventGenerator.Generate(seed, seed % 2 == 0 ? Wildness.Calm : Wildness.Wild);
            foreach (var (data, isError) in Data(Format(dialect), stream)) Add(faults, $"seed {seed}", (isError ? OpenApiSchema.Of("ErrorResponse") : events).Fault(data), data);
            var folder = new StreamFolder();
            foreach (var e in stream) folder.Add(e);
            if (!folder.IsComplete) continue;
            string body = Whole(Format(dialect), folder.ToResponse());
            Add(faults, $"whole {seed}", answers.Fault(body), JsonDocument.Parse(body).RootElement);
        }
        Report(faults);
    }

    [Theory]
    [MemberData(nameof(ChatDialects))]
    public void Encode_RecordedAnswersOfOtherFormats_AreValid(string dialect, string whole, string streamed)
    {
        SkipWithoutDescription();
        Assert.SkipUnless(RepositoryPaths.HasCorpus, "the recordings are not beside the checkout");
        var (answers, events) = (OpenApiSchema.Of(whole), OpenApiSchema.Of(streamed));
        var faults = new List<string>();
        foreach (var (id, upstream, answer) in RecordedAnswers.Whole().Where(a => a.Format.Id.Value != dialect))
        {
            string body = Whole(Format(dialect), answer);
            Add(faults, $"{id} ({upstream.Id})", answers.Fault(body), JsonDocument.Parse(body).RootElement);
        }
        foreach (var (id, upstream, stream) in RecordedAnswers.Streamed().Where(a => a.Format.Id.Value != dialect))
        {
            foreach (var (data, isError) in Data(Format(dialect), stream)) Add(faults, $"{id} ({upstream.Id})", (isError ? OpenApiSchema.Of("ErrorResponse") : events).Fault(data), data);
        }
        Report(faults);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EncodeError_AnyKind_IsValid(string kind)
    {
        SkipWithoutDescription();
        foreach (string dialect in (string[])["openai-chat", "openai-responses", "openai-completions", "openai-embeddings"])
        {
            var output = new ArrayBufferWriter<byte>();
            WireFormats.All.Single(f => f.Id.Value == dialect).EncodeError(new GatewayError(new ErrorKind(kind), "it failed") { Code = "THEIR_CODE", Type = "their_type" }, output);
            OpenApiSchema.Of("ErrorResponse").Fault(Text(output)).ShouldBeNull(dialect);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("float")]
    public void EncodeEmbeddings_OfOtherFormats_AreValid(string? encoding)
    {
        SkipWithoutDescription();
        var output = new ArrayBufferWriter<byte>();
        var request = new EmbeddingRequest { Model = "m", Inputs = [new EmbeddingInput { Text = "a" }, new EmbeddingInput { Text = "b" }], Encoding = encoding };
        foreach (var usage in (Usage?[])[null, new Usage { InputTokens = 3 }])
        {
            output.Clear();
            WireFormats.Find<IEmbeddingServerFormat>(WireFormatId.OpenAIEmbeddings)!.EncodeResponse(new EmbeddingResponse { Model = "m", Vectors = [new float[] { 0.5f, -1e-7f }, new float[] { 1, 0 }], Usage = usage }, request, output);
            OpenApiSchema.Of("CreateEmbeddingResponse").Fault(Text(output)).ShouldBeNull();
        }
    }

    private static void SkipWithoutDescription() => Assert.SkipUnless(OpenApiSchema.IsAvailable, "OpenAI's description is not beside the checkout");

    private static IChatServerFormat Format(string id) => WireFormats.Find<IChatServerFormat>(new WireFormatId(id))!;

    private static string Whole(IChatServerFormat format, ChatResponse answer)
    {
        var output = new ArrayBufferWriter<byte>();
        format.EncodeResponse(answer, RecordedAnswers.Context(format.Id, new WireFormatId("another-format")), output);
        return Text(output);
    }

    private static IEnumerable<(JsonElement Data, bool IsError)> Data(IChatServerFormat format, IEnumerable<StreamEvent> events)
    {
        var encoder = format.CreateStreamEncoder(RecordedAnswers.Context(format.Id, new WireFormatId("another-format")));
        var output = new ArrayBufferWriter<byte>();
        foreach (var e in events) encoder.Encode(e, output);
        foreach (string line in Text(output).Split('\n').Where(l => l.StartsWith("data: ", StringComparison.Ordinal) && l != "data: [DONE]"))
        {
            var data = WithoutNulls(JsonNode.Parse(line[6..])!.AsObject());
            yield return (data, format.Id != WireFormatId.OpenAIResponses && data.TryGetProperty("error", out _));
        }
    }

    // The description's own words are that chunks before the last have `usage` with null, and OpenAI sends null for a text completion that goes on; its types do not say so.
    private static JsonElement WithoutNulls(JsonObject data)
    {
        if (data.ContainsKey("usage") && data["usage"] is null) data.Remove("usage");
        if (data["object"]?.GetValueKind() == JsonValueKind.String && (string?)data["object"] == "text_completion")
        {
            foreach (var choice in data["choices"]!.AsArray()) choice!["finish_reason"] ??= "stop";
        }
        return JsonSerializer.SerializeToElement(data);
    }

    // Free-text calls are streamed by OpenAI itself as its SDKs' types have them; the description of chunks does not know them yet.
    private static void Add(List<string> faults, string where, string? fault, JsonElement data)
    {
        if (fault is null || (fault.Contains("tool_calls", StringComparison.Ordinal) && data.GetRawText().Contains("\"type\":\"custom\"", StringComparison.Ordinal))) return;
        // The code of a prompt that is too long is sent, and looked for by Codex, but not in the description.
        if (fault.Contains("error.code: context_length_exceeded", StringComparison.Ordinal)) return;
        faults.Add($"{where}: {fault}\n{data}");
    }

    private static void Report(List<string> faults) => faults.Count.ShouldBe(0, string.Join("\n\n", faults.DistinctBy(f => f[(f.IndexOf(':', StringComparison.Ordinal) + 1)..f.IndexOf('\n', StringComparison.Ordinal)]).Take(12)));

    private static string Text(ArrayBufferWriter<byte> output) => Encoding.UTF8.GetString(output.WrittenSpan);
}
