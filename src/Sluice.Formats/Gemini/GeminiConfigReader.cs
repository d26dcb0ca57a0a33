using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Reads <c>generationConfig</c>.</summary>
internal static class GeminiConfigReader
{
    private const string Prefix = "generationConfig.";
    private const string Thinking = "generationConfig.thinkingConfig.";

    public static ChatRequest Read(ChatRequest request, JsonElement config, ref GeminiNotesBuilder notes)
    {
        if (config.ValueKind != JsonValueKind.Object) throw new WireFormatException("generationConfig", "must be an object");
        notes.Mark("generationConfig");
        string? mimeType = null, spelled = null;
        RawJson schema = default;
        foreach (var member in config.EnumerateObject())
        {
            string? name = notes.Name(member, Prefix);
            switch (name)
            {
                case null: break;
                case "maxOutputTokens": request = request with { MaxTokens = Whole(member) }; break;
                case "temperature": request = request with { Temperature = Number(member) }; break;
                case "topP": request = request with { TopP = Number(member) }; break;
                case "topK": request = request with { TopK = Whole(member) }; break;
                case "seed": request = request with { Seed = Whole(member) }; break;
                case "presencePenalty": request = request with { PresencePenalty = Number(member) }; break;
                case "frequencyPenalty": request = request with { FrequencyPenalty = Number(member) }; break;
                case "candidateCount": request = request with { CandidateCount = (int)Math.Clamp(Whole(member), 0, int.MaxValue) }; break;
                case "responseLogprobs" when member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False: request = request with { Logprobs = member.Value.GetBoolean() }; break;
                case "logprobs": request = request with { TopLogprobs = (int)Math.Clamp(Whole(member), 0, int.MaxValue) }; break;
                case "stopSequences" when member.Value.ValueKind == JsonValueKind.Array:
                    request = request with { Stop = Strings(member) };
                    if (request.Stop.Count == 0) notes.Mark("stopSequences");
                    break;
                case "stopSequences" when member.Value.ValueKind != JsonValueKind.Null: throw new WireFormatException(Prefix + "stopSequences", "must be an array of strings");
                case "responseModalities" when member.Value.ValueKind == JsonValueKind.Array:
                    notes.Mark("responseModalities", member.Value.GetRawText());
                    request = request with { OutputModalities = [.. Strings(member).Select(m => m.ToLowerInvariant())] };
                    break;
                case "speechConfig": request = request with { AudioOutput = RawJson.From(member.Value) }; break;
                case "responseMimeType" when member.Value.ValueKind == JsonValueKind.String: mimeType = member.Value.GetString(); break;
                case "responseJsonSchema" when schema.IsAbsent: schema = RawJson.From(member.Value); break;
                case "responseSchema" when schema.IsAbsent:
                    schema = GeminiSchema.ToJsonSchema(member.Value);
                    spelled = member.Value.GetRawText();
                    break;
                case "thinkingConfig" when member.Value.ValueKind == JsonValueKind.Object: request = request with { Reasoning = ReadThinking(member.Value, ref notes) }; break;
                default: notes.Keep(member, Prefix); break;
            }
        }
        return request with { AnswerFormat = ReadFormat(mimeType, schema, spelled, ref notes) };
    }

    private static AnswerFormat? ReadFormat(string? mimeType, RawJson schema, string? spelled, ref GeminiNotesBuilder notes)
    {
        // One bare word of a list is neither text nor JSON: no other format can ask for it.
        if (mimeType is "text/x.enum")
        {
            notes.Keep(Prefix + "responseMimeType", RawJson.FromText("\"text/x.enum\""));
            if (!schema.IsAbsent) notes.Keep(Prefix + (spelled is null ? "responseJsonSchema" : "responseSchema"), spelled is null ? schema : RawJson.FromText(spelled));
            return null;
        }
        if (mimeType is not null) notes.Mark("responseMimeType", mimeType);
        if (spelled is not null) notes.Mark("responseSchema", spelled);
        if (!schema.IsAbsent) return new AnswerFormat("json_schema") { Schema = schema };
        return mimeType switch
        {
            "application/json" => new AnswerFormat("json"),
            "text/plain" => new AnswerFormat("text"),
            _ => null,
        };
    }

    private static ReasoningOptions ReadThinking(JsonElement config, ref GeminiNotesBuilder notes)
    {
        notes.Mark("thinkingConfig");
        int? budget = null;
        string? level = null;
        bool? include = null;
        foreach (var member in config.EnumerateObject())
        {
            switch (notes.Name(member, Thinking))
            {
                case null: break;
                case "thinkingBudget": budget = (int)Math.Clamp(Whole(member), -1, int.MaxValue); break;
                case "thinkingLevel" when member.Value.ValueKind == JsonValueKind.String:
                    level = member.Value.GetString();
                    notes.Mark("thinkingLevel", level!);
                    break;
                case "includeThoughts" when member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False: include = member.Value.GetBoolean(); break;
                default: notes.Keep(member, Thinking); break;
            }
        }
        string? effort = level?.ToLowerInvariant();
        if (effort == "thinking_level_unspecified") effort = null;
        // To ask for thoughts is to ask for thinking, unless the budget forbids it.
        bool? enabled = budget == 0 ? false : include == true && budget is null && effort is null ? true : null;
        return new ReasoningOptions { Enabled = enabled, BudgetTokens = budget, Effort = effort, IncludeText = include };
    }

    private static string[] Strings(JsonProperty member) =>
        [.. member.Value.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String ? v.GetString()! : throw new WireFormatException(Prefix + member.Name, "must hold strings"))];

    // Protocol buffers' JSON takes numbers as text too.
    private static double Number(JsonProperty member)
    {
        var value = member.Value;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)) return number;
        if (value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), out number) && double.IsFinite(number)) return number;
        throw new WireFormatException(Prefix + member.Name, "must be a number");
    }

    private static long Whole(JsonProperty member)
    {
        double number = Number(member);
        if (member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt64(out long whole)) return whole;
        return number == Math.Floor(number) && Math.Abs(number) < 9e18 ? (long)number : throw new WireFormatException(Prefix + member.Name, "must be a whole number");
    }
}
