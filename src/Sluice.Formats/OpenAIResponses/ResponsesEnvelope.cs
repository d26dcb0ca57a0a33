using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>What a response object says besides its items.</summary>
internal sealed record ResponseFacts
{
    public required string Id { get; init; }

    public required string Model { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string Status { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public string? IncompleteReason { get; init; }

    public GatewayError? Error { get; init; }

    public string? ServiceTier { get; init; }

    public Usage? Usage { get; init; }

    /// <summary>What an upstream of this format said besides.</summary>
    public WireNotes? Notes { get; init; }
}

/// <summary>Writes a <c>response</c> object. Like OpenAI's own it repeats the settings of its request: strict clients require them.</summary>
internal static class ResponsesEnvelope
{
    /// <summary>Writes the object.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="facts">What it says.</param>
    /// <param name="context">The call; its request is repeated.</param>
    /// <param name="writeOutput">Writes the array of items.</param>
    public static void Write(Utf8JsonWriter json, ResponseFacts facts, TranslationContext context, Action<Utf8JsonWriter> writeOutput)
    {
        json.WriteStartObject();
        var members = new ResponsesMembers(json, facts.Notes);
        // Notes that hold no status were read for another client: then the object is made like any other.
        bool native = !ResponsesNotes.Silent(facts.Notes, "status").IsAbsent;
        members.String("id", facts.Id);
        if (!native) members.String("object", "response");
        members.Name("created_at");
        WriteSeconds(json, facts.CreatedAt);
        if (!native) WriteState(json, members, facts);
        members.String("model", facts.Model);
        members.Name("output");
        writeOutput(json);
        if (!native) WriteEcho(json, members, context.Request, context);
        members.String("service_tier", native ? facts.ServiceTier : ServiceTier(facts.ServiceTier));
        if (facts.Usage is { } usage)
        {
            members.Name("usage");
            ResponsesUsage.Write(json, usage);
        }
        members.Rest();
        json.WriteEndObject();
    }

    private static void WriteState(Utf8JsonWriter json, ResponsesMembers members, ResponseFacts facts)
    {
        members.String("status", facts.Status);
        members.Boolean("background", false);
        members.Name("completed_at");
        if (facts.CompletedAt is { } at) WriteSeconds(json, at);
        else json.WriteNullValue();
        members.Name("error");
        if (facts.Error is { } error)
        {
            json.WriteStartObject();
            json.WriteString("code"u8, ResponsesErrors.ResponseCode(error));
            json.WriteString("message"u8, error.Message);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }
        members.Name("incomplete_details");
        if (facts.IncompleteReason is { } reason)
        {
            json.WriteStartObject();
            json.WriteString("reason"u8, reason);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void WriteEcho(Utf8JsonWriter json, ResponsesMembers members, ChatRequest? request, TranslationContext context)
    {
        OrNull(json, members, "instructions", Instructions(request));
        members.Name("max_output_tokens");
        if (request?.MaxTokens is { } limit) json.WriteNumberValue(limit);
        else json.WriteNullValue();
        FieldOrNull(json, members, request, "max_tool_calls");
        members.Boolean("parallel_tool_calls", request?.ParallelToolCalls ?? true);
        OrNull(json, members, "previous_response_id", request?.PreviousResponseId);
        OrNull(json, members, "prompt_cache_key", request?.PromptCacheKey);
        WriteReasoning(json, members, request);
        FieldOrNull(json, members, request, "safety_identifier");
        members.Boolean("store", request?.Store ?? true);
        NumberOrNull(json, members, "temperature", request?.Temperature);
        WriteText(json, members, request, context);
        WriteTools(json, members, request, context);
        members.Number("top_logprobs", (long?)request?.TopLogprobs ?? 0);
        NumberOrNull(json, members, "top_p", request?.TopP);
        members.String("truncation", Field(request, "truncation") is { IsAbsent: false } truncation && truncation.Utf8.Span.SequenceEqual("\"auto\""u8) ? "auto" : "disabled");
        members.String("user", request?.User);
        members.Name("metadata");
        if (request is { Metadata.IsAbsent: false }) request.Metadata.WriteTo(json);
        else WriteEmpty(json);
    }

    private static void WriteTools(Utf8JsonWriter json, ResponsesMembers members, ChatRequest? request, TranslationContext context)
    {
        members.Name("tool_choice");
        if (request?.ToolChoice is { } choice) ResponsesToolWriter.WriteChoice(json, choice, request.Tools, context);
        else json.WriteStringValue("auto"u8);
        members.Name("tools");
        json.WriteStartArray();
        foreach (var tool in request?.Tools ?? []) WriteTool(json, tool);
        json.WriteEndArray();
    }

    // Answers say what requests may leave out: parameters and strict are required here.
    private static void WriteTool(Utf8JsonWriter json, Tool tool)
    {
        if (tool is HostedTool hosted)
        {
            if (hosted.Format == WireFormatId.OpenAIResponses) hosted.Json.WriteTo(json);
            return;
        }
        json.WriteStartObject();
        var members = new ResponsesMembers(json, tool.Notes);
        switch (tool)
        {
            case FunctionTool function:
                members.String("type", "function");
                members.String("name", function.Name);
                OrNull(json, members, "description", function.Description);
                members.Name("parameters");
                if (function.Parameters.IsAbsent) json.WriteNullValue();
                else function.Parameters.WriteTo(json);
                members.Boolean("strict", function.Strict ?? true);
                break;
            case CustomTool custom:
                members.String("type", "custom");
                members.String("name", custom.Name);
                members.String("description", custom.Description);
                members.Raw("format", custom.Format);
                break;
            default: break;
        }
        members.Rest();
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, ResponsesMembers members, ChatRequest? request, TranslationContext context)
    {
        var asked = (request ?? EmptyRequest) with
        {
            AnswerFormat = request?.AnswerFormat ?? new AnswerFormat("text"),
            Verbosity = request?.Verbosity ?? "medium",
        };
        ResponsesRequestWriter.WriteText(json, members, asked, context);
    }

    private static void WriteReasoning(Utf8JsonWriter json, ResponsesMembers members, ChatRequest? request)
    {
        members.Name("reasoning");
        json.WriteStartObject();
        json.WriteString("effort"u8, request?.Reasoning?.Effort);
        json.WriteString("summary"u8, request?.Reasoning?.Summary);
        json.WriteEndObject();
    }

    private static ChatRequest EmptyRequest { get; } = new() { Model = "", Messages = [] };

    private static string? Instructions(ChatRequest? request) =>
        request is { Messages: [{ } first, ..] } && ResponsesItems.IsInstructions(first) && first.Parts is [TextPart text] ? text.Text : null;

    private static RawJson Field(ChatRequest? request, string name)
    {
        foreach (var (key, value) in request?.Notes?.Fields ?? [])
        {
            if (key == name) return value;
        }
        return default;
    }

    private static void FieldOrNull(Utf8JsonWriter json, ResponsesMembers members, ChatRequest? request, string name)
    {
        members.Name(name);
        if (Field(request, name) is { IsAbsent: false } value) value.WriteTo(json);
        else json.WriteNullValue();
    }

    private static void OrNull(Utf8JsonWriter json, ResponsesMembers members, string name, string? value)
    {
        members.Name(name);
        json.WriteStringValue(value);
    }

    private static void NumberOrNull(Utf8JsonWriter json, ResponsesMembers members, string name, double? value)
    {
        members.Name(name);
        if (value is { } number) json.WriteNumberValue(number);
        else json.WriteNullValue();
    }

    private static void WriteEmpty(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, DateTimeOffset at)
    {
        long ticks = (at - DateTimeOffset.UnixEpoch).Ticks;
        if (ticks % TimeSpan.TicksPerSecond == 0) json.WriteNumberValue(ticks / TimeSpan.TicksPerSecond);
        else json.WriteNumberValue((double)ticks / TimeSpan.TicksPerSecond);
    }

    // ServiceTier of openapi.json.
    private static string ServiceTier(string? tier) => tier is "auto" or "default" or "flex" or "scale" or "priority" ? tier : "default";
}
