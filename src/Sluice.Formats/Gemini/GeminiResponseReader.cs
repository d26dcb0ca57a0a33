using System.Globalization;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Reads a whole answer of <c>generateContent</c>.</summary>
internal static class GeminiResponseReader
{
    public static Outcome<ChatResponse> Read(ReadOnlyMemory<byte> body, TranslationContext context)
    {
        GatewayError? refused = null;
        var read = Decoding.Chat(body, context, (root, c) =>
        {
            if (root.Get("error"u8) is not { } error) return Read(root, c);
            refused = GeminiErrors.Read(0, error) with { Raw = RawJson.From(root), RawFormat = WireFormatId.GeminiGenerate };
            return new ChatResponse();
        });
        return refused is null ? read : refused;
    }

    private static ChatResponse Read(JsonElement root, TranslationContext context)
    {
        var notes = default(GeminiNotesBuilder);
        var response = new ChatResponse();
        JsonElement? candidates = null, feedback = null;
        foreach (var member in root.EnumerateObject())
        {
            switch (notes.Name(member))
            {
                case null: break;
                case "candidates" when member.Value.ValueKind == JsonValueKind.Array: candidates = member.Value; break;
                case "usageMetadata" when member.Value.ValueKind == JsonValueKind.Object:
                    response = response with { Usage = GeminiUsage.Read(member.Value), ServiceTier = GeminiUsage.ServiceTier(member.Value) };
                    break;
                case "modelVersion" when member.Value.ValueKind == JsonValueKind.String: response = response with { Model = member.Value.GetString()! }; break;
                case "responseId" when member.Value.ValueKind == JsonValueKind.String: response = response with { Id = member.Value.GetString()! }; break;
                case "createTime" when Time(member.Value) is { } time:
                    notes.Mark("createTime", member.Value.GetString()!);
                    response = response with { CreatedAt = time };
                    break;
                case "promptFeedback":
                    feedback = member.Value;
                    notes.Keep(member);
                    break;
                default: notes.Keep(member); break;
            }
        }
        if (candidates is null && feedback is null && response.Usage is null) throw new WireFormatException("candidates", "is missing");
        if (candidates is null) notes.Mark("nocandidates");
        bool isBlocked = candidates is not { } list || list.GetArrayLength() == 0;
        return response with
        {
            Usage = response.Usage is { } usage ? GeminiToolCalls.With(usage, candidates) : null,
            // A prompt that was blocked has no candidate: it is told as one that a filter withheld.
            Candidates = isBlocked ? [new Candidate { FinishReason = IsBlock(feedback) ? FinishReason.ContentFilter : FinishReason.Error }] : ReadCandidates(candidates!.Value, context),
            Notes = notes.Build(),
        };
    }

    /// <summary>Does a <c>promptFeedback</c> say that the prompt was blocked?</summary>
    public static bool IsBlock(JsonElement? feedback) => feedback?.Text("blockReason"u8) is { } reason && reason != "BLOCK_REASON_UNSPECIFIED";

    public static DateTimeOffset? Time(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static List<Candidate> ReadCandidates(JsonElement candidates, TranslationContext context)
    {
        var read = new List<Candidate>(candidates.GetArrayLength());
        var parts = new GeminiPartReader(context);
        foreach (var candidate in candidates.EnumerateArray()) read.Add(ReadCandidate(candidate, read.Count, parts));
        return read;
    }

    private static Candidate ReadCandidate(JsonElement json, int position, GeminiPartReader reader)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new WireFormatException("candidates", "must hold objects");
        var notes = default(GeminiNotesBuilder);
        var candidate = new Candidate { Index = position };
        List<Part>? parts = null;
        string? reason = null;
        bool hasIndex = false, hasContent = false;
        foreach (var member in json.EnumerateObject())
        {
            switch (notes.Name(member))
            {
                case null: break;
                case "content" when member.Value.ValueKind == JsonValueKind.Object:
                    hasContent = true;
                    parts = ReadContent(member.Value, reader, ref notes);
                    break;
                case "finishReason" when member.Value.ValueKind == JsonValueKind.String: reason = member.Value.GetString(); break;
                case "index" when member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out int index):
                    hasIndex = true;
                    candidate = candidate with { Index = index };
                    break;
                case "logprobsResult":
                    candidate = candidate with { Logprobs = GeminiLogprobs.Read(member.Value) };
                    notes.Keep(member);
                    break;
                default: notes.Keep(member); break;
            }
        }
        if (!hasIndex) notes.Mark("noindex");
        if (!hasContent) notes.Mark("nocontent");
        if (reason is not null) notes.Mark("finish", reason);
        bool hasCalls = parts?.Exists(p => p is ToolCallPart) == true;
        var fields = notes.Build();
        return candidate with
        {
            Parts = GeminiGrounding.Cite(parts ?? [], new GeminiNotes(fields)),
            FinishReason = string.IsNullOrEmpty(reason) ? null : GeminiFinish.Read(reason, hasCalls),
            Notes = fields,
        };
    }

    private static List<Part>? ReadContent(JsonElement content, GeminiPartReader reader, ref GeminiNotesBuilder notes)
    {
        List<Part>? parts = null;
        bool hasRole = false;
        foreach (var member in content.EnumerateObject())
        {
            switch (notes.Name(member, "content."))
            {
                case null: break;
                case "parts" when member.Value.ValueKind == JsonValueKind.Array: parts = reader.ReadAll(member.Value, "candidates[].content.parts"); break;
                case "role" when member.Value.ValueKind == JsonValueKind.String && member.Value.ValueEquals("model"u8): hasRole = true; break;
                default: notes.Keep(member, "content."); break;
            }
        }
        if (parts is null) notes.Mark("noparts");
        if (!hasRole) notes.Mark("norole");
        return parts;
    }
}
