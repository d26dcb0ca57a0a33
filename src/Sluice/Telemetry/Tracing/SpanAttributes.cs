namespace Sluice.Telemetry.Tracing;

/// <summary>Names of span attributes. Those of <c>gen_ai</c>, <c>server</c>, <c>http</c> and <c>error</c> are OpenTelemetry's (semantic conventions 1.41).</summary>
internal static class SpanAttributes
{
    public const string Operation = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string RequestMaxTokens = "gen_ai.request.max_tokens";
    public const string RequestStream = "gen_ai.request.stream";
    public const string RequestTemperature = "gen_ai.request.temperature";
    public const string RequestTopP = "gen_ai.request.top_p";
    public const string RequestTopK = "gen_ai.request.top_k";
    public const string RequestSeed = "gen_ai.request.seed";
    public const string RequestStop = "gen_ai.request.stop_sequences";
    public const string RequestFrequencyPenalty = "gen_ai.request.frequency_penalty";
    public const string RequestPresencePenalty = "gen_ai.request.presence_penalty";
    public const string RequestChoices = "gen_ai.request.choice.count";
    public const string ResponseId = "gen_ai.response.id";
    public const string ResponseModel = "gen_ai.response.model";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string FirstChunk = "gen_ai.response.time_to_first_chunk";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string CacheWriteTokens = "gen_ai.usage.cache_creation.input_tokens";
    public const string ReasoningTokens = "gen_ai.usage.reasoning.output_tokens";
    public const string InputMessages = "gen_ai.input.messages";
    public const string OutputMessages = "gen_ai.output.messages";
    public const string Instructions = "gen_ai.system_instructions";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string HttpStatus = "http.response.status_code";
    public const string ErrorType = "error.type";

    public const string RequestId = "sluice.request_id";
    public const string UpstreamRequestId = "sluice.upstream_request_id";
    public const string Format = "sluice.format";
    public const string Route = "sluice.route";
    public const string Key = "sluice.key";
    public const string Provider = "sluice.provider";
    public const string ProviderKey = "sluice.provider_key";
    public const string Lane = "sluice.lane";
    public const string Attempt = "sluice.attempt";
    public const string Attempts = "sluice.attempts";
    public const string Cost = "sluice.cost.usd";
    public const string Dropped = "sluice.dropped_fields";
    public const string PassedOver = "sluice.passed_over";
}
