using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Writes a request for an upstream of this shape.</summary>
internal sealed class ChatRequestWriter(ChatDialect dialect, TranslationContext context)
{
    private readonly ChatWriteScope _scope = new(dialect, context);

    private LossReport Losses => context.Losses;

    /// <summary>Writes the body.</summary>
    public void Write(Utf8JsonWriter output, ChatRequest request)
    {
        Losses.Unknown(request.Notes, dialect.Id, "");
        var members = _scope.Members(output, request.Notes);
        output.WriteStartObject();
        output.WriteString("model", context.UpstreamModel);
        new ChatMessageWriter(_scope).Write(output, request);
        new ChatToolWriter(_scope).Write(members, request);
        bool calls = _scope.IsOwn || request.Tools.Any(t => t is FunctionTool or CustomTool);
        members.Flag("parallel_tool_calls", calls ? request.ParallelToolCalls : null);
        if (!calls && request is { ParallelToolCalls: false, Tools.Count: > 0 }) Losses.Dropped("parallel_tool_calls", "no tool is offered");
        WriteFormat(members, request.AnswerFormat);
        ChatReasoningOptions.Write(members, request.Reasoning, _scope);
        WriteStreaming(members, request);
        WriteSampling(members, request);
        WriteLabels(members, request);
        WriteModalities(members, request);
        ReportState(request);
        members.Rest("stream_options");
        output.WriteEndObject();
    }

    private void WriteFormat(MemberWriter members, AnswerFormat? format)
    {
        if (format is null)
        {
            members.Silent("response_format");
            return;
        }
        Losses.Unknown(format.Notes, dialect.Id, "response_format");
        var inner = _scope.Members(members.Output, format.Notes);
        var output = members.Output;
        output.WriteStartObject("response_format");
        bool schema = format.Type == "json_schema" && (_scope.IsOwn || !format.Schema.IsAbsent);
        output.WriteString("type", format.Type switch { "json" => "json_object", "json_schema" when !schema => "json_object", _ => format.Type });
        if (schema) WriteSchema(inner, format);
        else inner.Silent("json_schema");
        inner.Rest("json_schema");
        output.WriteEndObject();
    }

    private void WriteSchema(MemberWriter members, AnswerFormat format)
    {
        members.Output.WriteStartObject("json_schema");
        var schema = members.Nested("json_schema");
        schema.Text("name", format.Name ?? (_scope.IsOwn ? null : "answer"));
        schema.Text("description", format.Description);
        schema.Raw("schema", format.Schema);
        schema.Flag("strict", format.Strict);
        schema.Rest();
        members.Output.WriteEndObject();
    }

    // Towards a provider that may leave usage out of a stream, it is always asked for: the call must be settled.
    private void WriteStreaming(MemberWriter members, ChatRequest request)
    {
        if (request.Stream) members.Output.WriteBoolean("stream", true);
        else if (_scope.IsOwn && members.Spelling.Has("~stream")) members.Output.WriteBoolean("stream", false);
        else members.Silent("stream");
        bool own = members.Spelling.Has("~stream_options");
        if (!own && (_scope.IsOwn || !request.Stream || dialect.IsMistral))
        {
            members.Silent("stream_options");
            return;
        }
        members.Output.WriteStartObject("stream_options");
        var options = members.Nested("stream_options");
        options.Flag("include_usage", own ? request.IncludeUsage : true);
        options.Rest();
        members.Output.WriteEndObject();
    }

    private void WriteSampling(MemberWriter members, ChatRequest request)
    {
        string limit = members.Spelling.Text("~limit") ?? (dialect.IsMistral ? "max_tokens" : _scope.Vendor.MaxTokensMember);
        members.Number(limit, request.MaxTokens);
        if (limit != "max_tokens" || request.MaxTokens is null) SilentUnless(members, "max_tokens", limit);
        if (limit != "max_completion_tokens" || request.MaxTokens is null) SilentUnless(members, "max_completion_tokens", limit);
        members.Number("temperature", request.Temperature);
        members.Number("top_p", request.TopP);
        members.Number("top_k", Taken("top_k", request.TopK, _scope.Vendor.TakesTopK));
        members.Number("min_p", Taken("min_p", request.MinP, _scope.Vendor.TakesTopK));
        string seed = members.Spelling.Text("~seed") ?? dialect.SeedMember;
        members.Number(seed, request.Seed);
        members.Silent(seed == "seed" ? "random_seed" : "seed");
        members.Number("presence_penalty", request.PresencePenalty);
        members.Number("frequency_penalty", request.FrequencyPenalty);
        if (members.Spelling.Has("~stop") && request.Stop is [var single]) members.Output.WriteString("stop", single);
        else members.Texts("stop", request.Stop);
        members.Number("n", request.CandidateCount);
        members.Flag("logprobs", Taken("logprobs", request.Logprobs, !dialect.IsMistral));
        members.Number("top_logprobs", Taken("top_logprobs", request.TopLogprobs, !dialect.IsMistral));
        members.Raw("logit_bias", Taken("logit_bias", request.LogitBias, !dialect.IsMistral));
    }

    private static void SilentUnless(MemberWriter members, string name, string written)
    {
        if (name != written) members.Silent(name);
    }

    private void WriteLabels(MemberWriter members, ChatRequest request)
    {
        members.Text("user", Taken("user", request.User, !dialect.IsMistral));
        members.Raw("metadata", request.Metadata);
        members.Text("service_tier", ServiceTier(request.ServiceTier));
        members.Flag("store", Taken("store", request.Store, !dialect.IsMistral));
        members.Text("verbosity", Taken("verbosity", request.Verbosity, !dialect.IsMistral));
        members.Text("prompt_cache_key", request.PromptCacheKey);
    }

    private string? ServiceTier(string? tier)
    {
        if (_scope.IsOwn || tier is null) return tier;
        if (!dialect.IsMistral)
        {
            if (tier is "auto" or "default" or "flex" or "scale" or "priority") return tier;
            if (tier is "standard" or "standard_only") return "default";
        }
        Losses.Dropped("service_tier", $"this format has no such class of service ({tier})");
        return null;
    }

    private void WriteModalities(MemberWriter members, ChatRequest request)
    {
        bool own = _scope.IsOwn || request.OutputModalities.All(m => m == "text" || (m == "image" && context.Vendor == "openrouter"));
        if (own && (_scope.IsOwn || request.OutputModalities.Count > 1)) members.Texts("modalities", request.OutputModalities);
        else if (!own) Losses.Dropped("output_modalities", "this provider answers in text");
        if (_scope.IsOwn) members.Raw("audio", request.AudioOutput);
        else if (!request.AudioOutput.IsAbsent) Losses.Dropped("audio_output", "voices of another provider");
    }

    private void ReportState(ChatRequest request)
    {
        if (request.PreviousResponseId is not null) Losses.Dropped("previous_response_id", "this format keeps no state");
        if (request.UsesServerState) Losses.Dropped("server_state", "this format keeps no state");
    }

    private T? Taken<T>(string path, T? value, bool taken)
        where T : struct
    {
        if (value is null || taken || _scope.IsOwn) return value;
        if ((object)value is not (false or 0 or 0L or 0.0)) Losses.Dropped(path, "this provider does not take it");
        return null;
    }

    private string? Taken(string path, string? value, bool taken)
    {
        if (value is null || taken || _scope.IsOwn) return value;
        Losses.Dropped(path, "this provider does not take it");
        return null;
    }

    private RawJson Taken(string path, RawJson value, bool taken)
    {
        if (value.IsAbsent || taken || _scope.IsOwn) return value;
        if (Shared.SettingLosses.HasMembers(value)) Losses.Dropped(path, "this provider does not take it");
        return default;
    }
}
