using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>The OpenAI API as its reference describes it: chat, legacy completions, responses, embeddings, models.</summary>
internal sealed class OpenAIProvider : IProvider
{
    private readonly ResponseStore stored = new();

    public string Name => "openai";

    public Reply Answer(SimulatedCall call)
    {
        var key = Credentials.Bearer(call);
        var access = Credentials.Judge(key);
        if (access is Access.Missing or Access.Refused)
            return Error(call, new ProviderError(401, access == Access.Missing ? "missing" : null, key));
        var path = call.Path.StartsWith("/v1/", StringComparison.Ordinal) ? call.Path[3..].TrimEnd('/') : "";
        var reply = (call.Method, path) switch
        {
            ("GET", "/models") => ModelsReply.List(call),
            ("GET", _) when path.StartsWith("/models/", StringComparison.Ordinal) => ModelsReply.One(call, path["/models/".Length..]),
            ("GET", _) when path.StartsWith("/responses/", StringComparison.Ordinal) => stored.Get(call, path["/responses/".Length..]),
            ("DELETE", _) when path.StartsWith("/responses/", StringComparison.Ordinal) => stored.Delete(call, path["/responses/".Length..]),
            ("POST", "/chat/completions" or "/completions" or "/responses" or "/responses/input_tokens" or "/embeddings") => Post(call, path),
            (_, "/chat/completions" or "/completions" or "/responses" or "/embeddings") => Error(call, new ProviderError(405)),
            _ => Error(call, new ProviderError(404, "path")),
        };
        if (reply.Status == 200 && access == Access.Limited)
            return Error(call, new ProviderError(429));
        return reply.Status == 200 && access == Access.Forbidden ? Error(call, new ProviderError(403)) : reply;
    }

    public Reply Error(SimulatedCall call, ProviderError error) => OpenAIErrors.Reply(call, error);

    private Reply Post(SimulatedCall call, string path)
    {
        if (!call.TryReadJson(out var root))
            return Error(call, new ProviderError(400, "json"));
        call.Model = root.Text("model");
        if (string.IsNullOrEmpty(call.Model))
            return Error(call, new ProviderError(400, "", path == "/responses" ? "Missing required parameter: 'model'." : "you must provide a model parameter", path == "/responses" ? "model" : null));
        if (call.Model.Contains("missing", StringComparison.OrdinalIgnoreCase))
        {
            return path.StartsWith("/responses", StringComparison.Ordinal)
                ? Error(call, new ProviderError(400, "model_not_found", $"The requested model '{call.Model}' does not exist.", "model"))
                : Error(call, new ProviderError(404));
        }

        if (OpenAIMembers.Check(call, root, path) is { } unknown)
            return Error(call, unknown);
        return path switch
        {
            "/chat/completions" => ChatReply.Answer(call, root),
            "/completions" => CompletionsReply.Answer(call, root),
            "/responses" => ResponsesReply.Answer(call, root, stored),
            "/responses/input_tokens" => ResponsesReply.CountTokens(call, root, stored),
            _ => EmbeddingsReply.Answer(call, root),
        };
    }
}
