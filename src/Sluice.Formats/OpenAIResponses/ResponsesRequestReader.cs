using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>
/// Reads the body of <c>POST /v1/responses</c>. Members: openai-node <c>resources/responses/responses.ts</c>, <c>ResponseCreateParams</c>.
/// </summary>
internal static class ResponsesRequestReader
{
    private const string Logprobs = "message.output_text.logprobs";

    private static readonly HashSet<string> Root =
    [
        "model", "input", "instructions", "tools", "tool_choice", "parallel_tool_calls", "max_output_tokens", "temperature", "top_p", "top_logprobs",
        "text", "reasoning", "stream", "user", "metadata", "service_tier", "store", "previous_response_id", "prompt_cache_key",
    ];

    private static readonly HashSet<string> Text = ["format", "verbosity"];
    private static readonly HashSet<string> Format = ["name", "description", "schema", "strict"];
    private static readonly HashSet<string> Reasoning = ["effort", "summary"];

    /// <summary>Reads a whole request.</summary>
    public static ChatRequest Read(JsonElement body)
    {
        var notes = ResponsesNotes.Read(body, Root, type: null, IsSilent);
        if (body.Boolean("stream"u8) == false) notes.Silent("stream", RawJson.From(body.GetProperty("stream"u8)));
        if (body.Array("tools"u8) is { } none && none.GetArrayLength() == 0) notes.Silent("tools", RawJson.From(none));
        var text = ReadText(body, notes, out string? verbosity);
        var messages = ReadMessages(body, notes);
        return new ChatRequest
        {
            Model = body.RequiredString("model"u8),
            Messages = messages,
            Tools = body.Array("tools"u8) is { } tools ? ResponsesToolReader.ReadTools(tools) : [],
            ToolChoice = body.Get("tool_choice"u8) is { } choice ? ResponsesToolReader.ReadChoice(choice) : null,
            ParallelToolCalls = body.Boolean("parallel_tool_calls"u8),
            AnswerFormat = text,
            Verbosity = verbosity,
            Reasoning = ReadReasoning(body),
            Stream = body.Boolean("stream"u8) == true,
            MaxTokens = body.Int64("max_output_tokens"u8),
            Temperature = body.Double("temperature"u8),
            TopP = body.Double("top_p"u8),
            Logprobs = Includes(body, Logprobs) ? true : null,
            TopLogprobs = body.Int32("top_logprobs"u8),
            User = body.String("user"u8),
            Metadata = body.Object("metadata"u8) is { } metadata ? RawJson.From(metadata) : default,
            ServiceTier = body.String("service_tier"u8),
            Store = body.Boolean("store"u8),
            PromptCacheKey = body.String("prompt_cache_key"u8),
            PreviousResponseId = body.String("previous_response_id"u8),
            UsesServerState = body.Get("conversation"u8) is not null || body.Get("prompt"u8) is not null || messages.Any(ResponsesItems.IsReference),
            Notes = notes.Build(),
        };
    }

    private static List<ChatMessage> ReadMessages(JsonElement body, ResponsesNotesBuilder notes)
    {
        var messages = new List<ChatMessage>();
        if (body.String("instructions"u8) is { } instructions)
        {
            messages.Add(new ChatMessage(Role.System, [new TextPart(instructions) { Notes = ResponsesNotes.Empty }])
            {
                Notes = new WireNotes(WireFormatId.OpenAIResponses) { Shape = ResponsesNotes.Instructions },
            });
        }
        switch (body.Get("input"u8))
        {
            case { ValueKind: JsonValueKind.String } text:
                notes.Mark(ResponsesNotes.Plain);
                messages.Add(new ChatMessage(Role.User, [new TextPart(text.GetString()!) { Notes = ResponsesNotes.Empty }]) { Notes = ResponsesNotes.Empty });
                break;
            case { ValueKind: JsonValueKind.Array } list:
                messages.AddRange(ResponsesMessageReader.ReadInput(list));
                break;
            case null:
                if (body.Get("prompt"u8) is null && body.Get("previous_response_id"u8) is null && body.Get("conversation"u8) is null)
                {
                    throw new WireFormatException("input", "is missing; a string or a list of items is required");
                }
                if (!body.TryGetProperty("input"u8, out _)) notes.Mark("$noinput");
                break;
            default:
                throw new WireFormatException("input", "must be a string or a list of items");
        }
        return messages;
    }

    // What a default says, and what this codec does by itself, is no loss elsewhere.
    private static bool IsSilent(string name, JsonElement value) => name switch
    {
        "background" => value.ValueKind == JsonValueKind.False,
        "truncation" => value.ValueKind == JsonValueKind.String && value.ValueEquals("disabled"),
        "include" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static i =>
            i.ValueKind == JsonValueKind.String && (i.ValueEquals(Logprobs) || i.ValueEquals(ResponsesRequestWriter.EncryptedReasoning))),
        _ => false,
    };

    private static bool Includes(JsonElement body, string what)
    {
        if (body.Array("include"u8) is not { } include) return false;
        foreach (var entry in include.EnumerateArray())
        {
            if (entry.ValueKind == JsonValueKind.String && entry.ValueEquals(what)) return true;
        }
        return false;
    }

    private static AnswerFormat? ReadText(JsonElement body, ResponsesNotesBuilder notes, out string? verbosity)
    {
        verbosity = null;
        if (body.Object("text"u8) is not { } text) return null;
        var rest = ResponsesNotes.Read(text, Text, type: null, static (_, _) => true).ToJson();
        notes.Silent("$text", rest.IsAbsent ? new RawJson("{}"u8.ToArray()) : rest);
        verbosity = text.String("verbosity"u8, "text");
        if (text.Object("format"u8, "text") is not { } format) return null;
        string type = format.RequiredString("type"u8, "text.format");
        return new AnswerFormat(type == "json_object" ? "json" : type)
        {
            Name = format.String("name"u8, "text.format"),
            Description = format.String("description"u8, "text.format"),
            Schema = format.Object("schema"u8, "text.format") is { } schema ? RawJson.From(schema) : default,
            Strict = format.Boolean("strict"u8, "text.format"),
            Notes = ResponsesNotes.Read(format, Format, type).Build(),
        };
    }

    private static ReasoningOptions? ReadReasoning(JsonElement body)
    {
        if (body.Object("reasoning"u8) is not { } reasoning) return null;
        string? summary = reasoning.String("summary"u8, "reasoning");
        return new ReasoningOptions
        {
            Effort = reasoning.String("effort"u8, "reasoning"),
            Summary = summary,
            IncludeText = summary is null ? null : true,
            Notes = ResponsesNotes.Read(reasoning, Reasoning).Build(),
        };
    }
}
