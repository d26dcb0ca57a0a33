using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Reads a <c>response</c> object: a whole answer, or the one that a stream's events carry.</summary>
internal static class ResponsesResponseReader
{
    private static readonly HashSet<string> Root = ["id", "created_at", "model", "output", "usage", "service_tier"];

    // What the answer repeats of its request, or says by status: no meaning of its own.
    private static readonly HashSet<string> Echo =
    [
        "object", "status", "background", "completed_at", "error", "incomplete_details", "instructions", "max_output_tokens", "max_tool_calls", "metadata",
        "parallel_tool_calls", "previous_response_id", "prompt", "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options", "reasoning",
        "safety_identifier", "store", "temperature", "text", "tool_choice", "tools", "top_logprobs", "top_p", "truncation", "user", "frequency_penalty",
        "presence_penalty", "output_text", "tool_usage", "billing", "conversation",
    ];

    /// <summary>Reads a whole answer. One that failed is an error.</summary>
    public static Outcome<ChatResponse> Read(ReadOnlyMemory<byte> body, TranslationContext context)
    {
        GatewayError? failed = null;
        bool isOver = true;
        var read = Decoding.OpenChat(body, context, (root, c) =>
        {
            if (Failure(root) is { } error) failed = error;
            isOver = !ResponsesFinish.IsOpen(root);
            return failed is null ? Read(root, c) : new ChatResponse();
        });
        return failed is not null ? failed : isOver && read.IsSuccess ? EmptyAnswer.Check(read.Value) : read;
    }

    /// <summary>The error of an answer that failed; <see langword="null"/> for any other.</summary>
    public static GatewayError? Failure(JsonElement root)
    {
        string? status = root.Text("status"u8);
        if (root.Get("error"u8) is { } error && status is (null or "failed")) return ResponsesErrors.Read(0, error) with { Raw = default };
        return status == "failed" ? new GatewayError(ErrorKind.Upstream, "the provider says that the answer failed, and not why") : null;
    }

    /// <summary>Reads a response object.</summary>
    public static ChatResponse Read(JsonElement root, TranslationContext context)
    {
        if (root.Array("output"u8) is not { } output) throw new WireFormatException("output", "is missing; a list is required");
        var parts = new List<Part>();
        int index = 0;
        foreach (var item in output.EnumerateArray()) ResponsesMessageReader.ReadOutput(item, $"output[{index++}]", parts);
        Restore(parts, context);
        return new ChatResponse
        {
            Id = root.Text("id"u8) ?? "",
            Model = root.Text("model"u8) ?? "",
            CreatedAt = CreatedAt(root),
            ServiceTier = root.Text("service_tier"u8),
            Candidates = [new Candidate { Parts = parts, FinishReason = ResponsesFinish.Read(root, parts), Logprobs = Logprobs(output) }],
            Usage = ResponsesUsage.Read(root),
            Notes = ReadNotes(root, context),
        };
    }

    /// <summary>Notes of a response object. What it repeats of its request is kept only for clients of this format.</summary>
    public static WireNotes ReadNotes(JsonElement root, TranslationContext context)
    {
        bool keep = context.ClientFormat == WireFormatId.OpenAIResponses;
        var notes = new ResponsesNotesBuilder();
        foreach (var member in root.EnumerateObject())
        {
            bool isNull = member.Value.ValueKind == JsonValueKind.Null;
            if (!isNull && Root.Contains(member.Name)) continue;
            if (!isNull && !Echo.Contains(member.Name)) notes.Field(member.Name, RawJson.From(member.Value));
            else if (keep) notes.Silent(member.Name, RawJson.From(member.Value));
        }
        return notes.Build();
    }

    /// <summary>When the answer was made. Seconds, with a fraction from some vendors (Bedrock Mantle).</summary>
    public static DateTimeOffset? CreatedAt(JsonElement root) =>
        root.Get("created_at"u8) is { ValueKind: JsonValueKind.Number } at && at.TryGetDouble(out double seconds) && seconds is >= 0 and < 253402300800
            ? DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond))
            : null;

    /// <summary>Gives renamed tools their own names back.</summary>
    public static Part Restore(Part part, TranslationContext context) =>
        context.RenamedTools.Count > 0 && part is ToolCallPart call ? call with { Name = ToolNames.Undo(call.Name, context) } : part;

    /// <summary>Reads token probabilities; <see langword="null"/> for none.</summary>
    public static IReadOnlyList<TokenLogprob>? ReadLogprobs(JsonElement? list)
    {
        if (list is not { ValueKind: JsonValueKind.Array } tokens || tokens.GetArrayLength() == 0) return null;
        var read = new List<TokenLogprob>(tokens.GetArrayLength());
        foreach (var token in tokens.EnumerateArray())
        {
            if (ReadToken(token) is { } one) read.Add(one with { Top = ReadLogprobs(token.Get("top_logprobs"u8)) ?? [] });
        }
        return read;
    }

    private static TokenLogprob? ReadToken(JsonElement token)
    {
        if (token.Text("token"u8) is not { } text || token.Number("logprob"u8) is not { } logprob) return null;
        return new TokenLogprob(text, logprob)
        {
            Bytes = token.Get("bytes"u8) is { ValueKind: JsonValueKind.Array } bytes
                ? [.. bytes.EnumerateArray().Select(b => b.ValueKind == JsonValueKind.Number && b.TryGetInt32(out int value) ? value : 0)]
                : null,
        };
    }

    private static void Restore(List<Part> parts, TranslationContext context)
    {
        if (context.RenamedTools.Count == 0) return;
        for (int i = 0; i < parts.Count; i++) parts[i] = Restore(parts[i], context);
    }

    private static List<TokenLogprob>? Logprobs(JsonElement output)
    {
        List<TokenLogprob>? all = null;
        foreach (var item in output.EnumerateArray())
        {
            if (item.Get("content"u8) is not { ValueKind: JsonValueKind.Array } content) continue;
            foreach (var part in content.EnumerateArray())
            {
                if (ReadLogprobs(part.Get("logprobs"u8)) is { } tokens) (all ??= []).AddRange(tokens);
            }
        }
        return all;
    }
}
