using System.Text.Json;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>The settings of the request that a <c>response</c> object repeats. What was not set is told as OpenAI tells its defaults, or as null.</summary>
internal static class ResponsesEcho
{
    public static void Write(Utf8JsonWriter json, ResponsesMembers members, TranslationContext context)
    {
        var request = context.Request;
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
        request = context.ClientRequest ?? request;
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
}
