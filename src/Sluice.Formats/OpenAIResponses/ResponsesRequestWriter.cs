using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>Writes the body of <c>POST /v1/responses</c>.</summary>
internal static class ResponsesRequestWriter
{
    /// <summary>The <c>include</c> entry that asks for reasoning payloads, so that the next turn can bring them back without stored state.</summary>
    public const string EncryptedReasoning = "reasoning.encrypted_content";

    /// <summary>Writes a whole request.</summary>
    public static void Write(Utf8JsonWriter json, (ChatRequest Request, TranslationContext Context) state)
    {
        var (request, context) = state;
        ReportLosses(request, context);
        json.WriteStartObject();
        var members = new ResponsesMembers(json, request.Notes);
        bool native = members.IsNative;
        members.String("model", context.UpstreamModel);
        WritePrompt(json, members, request, context);
        members.Number("max_output_tokens", request.MaxTokens);
        members.Number("temperature", request.Temperature);
        members.Number("top_p", request.TopP);
        members.Number("top_logprobs", request.TopLogprobs);
        WriteText(json, members, request, context);
        WriteReasoning(json, members, request.Reasoning, context);
        if (!native) WriteInclude(json, request);
        if (request.Stream) members.Boolean("stream", true);
        members.String("user", request.User);
        members.Raw("metadata", request.Metadata);
        members.String("service_tier", native ? request.ServiceTier : ServiceTier(request.ServiceTier, context));
        // Other formats keep nothing unless asked; this one keeps everything unless told not to.
        members.Boolean("store", request.Store ?? (native ? null : false));
        members.String("prompt_cache_key", request.PromptCacheKey);
        members.String("previous_response_id", request.PreviousResponseId);
        members.Rest();
        json.WriteEndObject();
    }

    /// <summary>Writes what is counted of a request: the endpoint for it refuses what only generation needs.</summary>
    public static void WriteCounted(Utf8JsonWriter json, ChatRequest request, TranslationContext context)
    {
        json.WriteStartObject();
        var members = new ResponsesMembers(json, request.Notes);
        members.String("model", context.UpstreamModel);
        WritePrompt(json, members, request, context);
        WriteText(json, members, request, context);
        WriteReasoning(json, members, request.Reasoning, context);
        members.String("previous_response_id", request.PreviousResponseId);
        json.WriteEndObject();
    }

    private static void WritePrompt(Utf8JsonWriter json, ResponsesMembers members, ChatRequest request, TranslationContext context)
    {
        WriteMessages(json, members, request, context);
        if (request.Tools.Count > 0)
        {
            members.Name("tools");
            ResponsesToolWriter.WriteTools(json, request.Tools, context);
        }
        if (request.ToolChoice is { } choice)
        {
            members.Name("tool_choice");
            ResponsesToolWriter.WriteChoice(json, choice, request.Tools, context);
        }
        members.Boolean("parallel_tool_calls", request.ParallelToolCalls);
    }

    /// <summary>Writes the member <c>text</c>: the answer's format and wordiness.</summary>
    public static void WriteText(Utf8JsonWriter json, ResponsesMembers members, ChatRequest request, TranslationContext context)
    {
        var rest = members.Mark("$text");
        if (rest.IsAbsent && request.AnswerFormat is null && request.Verbosity is null) return;
        members.Name("text");
        json.WriteStartObject();
        var text = new ResponsesMembers(json, rest.IsAbsent ? null : ResponsesNotes.Empty with { Shape = rest.ToString() });
        if (request.AnswerFormat is { } format)
        {
            context.Losses.Unknown(format.Notes, WireFormatId.OpenAIResponses, "answer_format");
            text.Name("format");
            WriteFormat(json, format);
        }
        text.String("verbosity", request.Verbosity);
        text.Rest();
        json.WriteEndObject();
    }

    private static void WriteFormat(Utf8JsonWriter json, AnswerFormat format)
    {
        json.WriteStartObject();
        var members = new ResponsesMembers(json, format.Notes);
        bool schema = format.Type == "json_schema";
        members.String("type", format.Type == "json" ? "json_object" : format.Type);
        members.String("name", format.Name ?? (schema && !members.IsNative ? "answer" : null));
        members.String("description", format.Description);
        members.Raw("schema", format.Schema);
        members.Boolean("strict", format.Strict);
        members.Rest();
        json.WriteEndObject();
    }

    private static void WriteMessages(Utf8JsonWriter json, ResponsesMembers members, ChatRequest request, TranslationContext context)
    {
        int start = WriteInstructions(members, request, context);
        var rest = request.Messages;
        bool plain = members.Has(ResponsesNotes.Plain);
        bool none = members.Has("$noinput");
        if (none && rest.Count == start) return;
        members.Name("input");
        if (plain && rest.Count == start + 1 && rest[start] is { Role.Value: "user", Parts: [TextPart text] })
        {
            json.WriteStringValue(text.Text);
            return;
        }
        json.WriteStartArray();
        var input = new ResponsesInputWriter(json, context);
        for (int i = start; i < rest.Count; i++) input.Write(rest[i], i);
        input.End();
        json.WriteEndArray();
    }

    // A system prompt of another format becomes the instructions; later ones stay where they are.
    private static int WriteInstructions(ResponsesMembers members, ChatRequest request, TranslationContext context)
    {
        var messages = request.Messages;
        if (messages.Count > 0 && ResponsesItems.IsInstructions(messages[0]))
        {
            members.String("instructions", string.Concat(messages[0].Parts.OfType<TextPart>().Select(p => p.Text)));
            return 1;
        }
        int count = 0;
        while (count < messages.Count && messages[count].Role.IsInstruction && !ResponsesNotes.IsNative(messages[count].Notes) && messages[count].Parts.All(p => p is TextPart && !(p.Cache is not null && context.TakesCacheBreakpoints))) count++;
        if (count == 0) return 0;
        var texts = new List<string>();
        for (int i = 0; i < count; i++)
        {
            context.Losses.Unknown(messages[i].Notes, WireFormatId.OpenAIResponses, $"messages[{i}]");
            if (messages[i].Name is not null) context.Losses.Dropped($"messages[{i}].name", $"{WireFormatId.OpenAIResponses} has no names of speakers");
            foreach (var part in messages[i].Parts.Cast<TextPart>())
            {
                context.Losses.Unknown(part.Notes, WireFormatId.OpenAIResponses, $"messages[{i}].content");
                if (part.Cache is not null) context.Losses.Dropped($"messages[{i}].cache", "OpenAI caches prompts by itself");
                if (part.Text.Length > 0) texts.Add(part.Text);
            }
        }
        if (texts.Count > 0) members.String("instructions", string.Join("\n\n", texts));
        return count;
    }

    private static void WriteReasoning(Utf8JsonWriter json, ResponsesMembers members, ReasoningOptions? options, TranslationContext context)
    {
        if (options is null) return;
        context.Losses.Unknown(options.Notes, WireFormatId.OpenAIResponses, "reasoning");
        bool native = ResponsesNotes.IsNative(options.Notes);
        string? effort = native ? options.Effort : ReasoningScale.EffortOf(options);
        string? summary = options.Summary ?? (!native && options.IncludeText == true ? "auto" : null);
        if (!native && options.BudgetTokens is > 0 && options.Effort is null) context.Losses.Changed("reasoning.budget_tokens", $"said as effort {effort}: {WireFormatId.OpenAIResponses} has no budget");
        if (!native && effort is null && summary is null) return;
        members.Name("reasoning");
        json.WriteStartObject();
        var reasoning = new ResponsesMembers(json, options.Notes);
        reasoning.String("effort", effort);
        reasoning.String("summary", summary);
        reasoning.Rest();
        json.WriteEndObject();
    }

    private static void WriteInclude(Utf8JsonWriter json, ChatRequest request)
    {
        // Asked for only where reasoning is: models that do not reason refuse it.
        bool reasoning = request.Reasoning?.Wanted == true || request.Messages.Any(static m => m.Parts.Any(static p => p.Signature?.Family == ReasoningPayload.Family));
        if (!reasoning && request.Logprobs != true) return;
        json.WriteStartArray("include"u8);
        if (reasoning) json.WriteStringValue(EncryptedReasoning);
        if (request.Logprobs == true) json.WriteStringValue("message.output_text.logprobs"u8);
        json.WriteEndArray();
    }

    private static string? ServiceTier(string? tier, TranslationContext context)
    {
        switch (tier)
        {
            case null or "auto" or "default" or "flex" or "scale" or "priority" or "fast": return tier;
            case "standard_only" or "standard": return "default";
            default:
                context.Losses.Dropped("service_tier", $"'{tier}' is no class of service of OpenAI");
                return null;
        }
    }

    private static void ReportLosses(ChatRequest request, TranslationContext context)
    {
        var losses = context.Losses;
        losses.Unknown(request.Notes, WireFormatId.OpenAIResponses, "");
        Report(request.Stop.Count > 0, "stop");
        Report(request.Seed is not null, "seed");
        Report(request.TopK is not null, "top_k");
        Report(request.MinP is not null, "min_p");
        Report(request.PresencePenalty is not null, "presence_penalty");
        Report(request.FrequencyPenalty is not null, "frequency_penalty");
        Report(!request.LogitBias.IsAbsent, "logit_bias");
        Report(request.CandidateCount > 1, "n");
        Report(request.OutputModalities.Any(m => m != "text"), "output_modalities");
        Report(!request.AudioOutput.IsAbsent, "audio_output");

        void Report(bool used, string path)
        {
            if (used) losses.Dropped(path, $"{WireFormatId.OpenAIResponses} has no such setting");
        }
    }
}
