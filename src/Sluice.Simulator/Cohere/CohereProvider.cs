using System.Globalization;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Cohere;

/// <summary>The Cohere API, version 2, as its reference describes it: chat, embed, models.</summary>
internal sealed class CohereProvider : IProvider
{
    public string Name => "cohere";

    public Reply Answer(SimulatedCall call)
    {
        var access = Credentials.Judge(Credentials.Bearer(call));
        if (access is Access.Missing or Access.Refused)
            return Error(call, new ProviderError(401, null, access == Access.Missing ? "no api key supplied" : "invalid api token"));
        var path = call.Path.TrimEnd('/');
        var reply = (call.Method, path) switch
        {
            ("GET", "/v1/models") => CohereModels.List(call),
            ("GET", _) when path.StartsWith("/v1/models/", StringComparison.Ordinal) => CohereModels.One(call, path["/v1/models/".Length..]),
            ("POST", "/v2/chat" or "/v2/embed") => Post(call, path),
            _ => Error(call, new ProviderError(404, "path")),
        };
        if (reply.Status == 200 && access == Access.Limited)
            return Error(call, new ProviderError(429));
        return reply.Status == 200 && access == Access.Forbidden ? Error(call, new ProviderError(403)) : reply;
    }

    public Reply Error(SimulatedCall call, ProviderError error)
    {
        var frames = new Frames(256);
        Json.Write(frames.Writer, (id: call.Stage.Ids.Uuid(), message: Message(call, error)), static (writer, body) =>
        {
            writer.WriteStartObject();
            writer.WriteString("id", body.id);
            writer.WriteString("message", body.message);
            writer.WriteEndObject();
        });
        frames.Cut();
        var reply = AddHeaders(call, new Reply { Status = error.Status, ContentType = "application/json", Frames = frames }, 0);
        return error.Status == 429 ? reply.With("retry-after", error.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture)) : reply;
    }

    public static string Message(SimulatedCall call, ProviderError error) => error.Message ?? (error.Code, error.Status) switch
    {
        ("path", _) => $"unknown endpoint: {call.Path}",
        ("context", _) => "too many tokens: total number of tokens in the prompt exceeds the limit of 128000 - received 130042. Try using a shorter prompt, or enable prompt truncating.",
        ("quota", _) => "You have reached your billing limit. Please visit https://dashboard.cohere.com/billing to increase it.",
        (_, 400) => "invalid request",
        (_, 401) => "invalid api token",
        (_, 403) => "your API key does not have access to this resource",
        (_, 404) => $"model '{call.Model}' not found, make sure the correct model ID was used and that you have access to the model.",
        (_, 413) => "request body too large",
        (_, 429) => "You are using a Trial key, which is limited to 20 API calls / minute. You can continue to use the Trial key for free or upgrade to a Production key with higher rate limits at 'https://dashboard.cohere.com/api-keys'. Contact us on 'https://discord.gg/XW44jPfYJu' or email us at support@cohere.com with any questions",
        (_, 503) => "the service is temporarily unavailable, please try again later",
        (_, 504) => "the request timed out",
        _ => "internal server error, this has been reported to our developers",
    };

    public static Reply AddHeaders(SimulatedCall call, Reply reply, int tokens) => reply
        .With("num_chars", (tokens * 4).ToString(CultureInfo.InvariantCulture))
        .With("num_tokens", tokens.ToString(CultureInfo.InvariantCulture))
        .With("x-endpoint-monthly-call-limit", "1000")
        .With("x-trial-endpoint-call-limit", "20")
        .With("x-trial-endpoint-call-remaining", "19")
        .With("x-debug-trace-id", call.Stage.Ids.Hexadecimal("", 32));

    private Reply Post(SimulatedCall call, string path)
    {
        if (!call.TryReadJson(out var root))
            return Error(call, new ProviderError(400, null, "invalid json syntax in request body"));
        call.Model = root.Text("model");
        if (string.IsNullOrEmpty(call.Model))
            return Error(call, new ProviderError(400, null, "invalid request: model is required"));
        if (call.Model.Contains("missing", StringComparison.OrdinalIgnoreCase))
            return Error(call, new ProviderError(404));
        if (path == "/v2/embed")
            return CohereEmbeddings.Answer(call, root);
        var ask = new Ask { SpeaksBeforeCalls = true };
        if (CohereReader.Read(call, root, ask) is { } problem)
            return Error(call, new ProviderError(400, null, problem));
        return new CohereChat(call, ask, root).Answer();
    }
}
