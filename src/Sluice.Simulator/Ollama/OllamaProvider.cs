using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;
using Sluice.Simulator.OpenAI;

namespace Sluice.Simulator.Ollama;

/// <summary>The Ollama API as its documentation describes it. It needs no key, but refuses the three that every vendor here refuses.</summary>
internal sealed class OllamaProvider : IProvider
{
    public string Name => "ollama";

    public Reply Answer(SimulatedCall call)
    {
        var access = Credentials.Judge(Credentials.Bearer(call));
        if (access is Access.Refused or Access.Forbidden or Access.Limited)
            return Error(call, new ProviderError(access switch { Access.Refused => 401, Access.Forbidden => 403, _ => 429 }));
        return (call.Method, call.Path.TrimEnd('/')) switch
        {
            ("GET" or "HEAD", "") => OllamaReplies.Text(call, "Ollama is running"),
            ("GET", "/api/version") => OllamaModels.Version(call),
            ("GET", "/api/tags") => OllamaModels.Tags(call),
            ("GET", "/api/ps") => OllamaModels.Running(call),
            ("POST", "/v1/chat/completions" or "/v1/completions" or "/v1/embeddings") => Compatible(call),
            ("POST", "/api/chat" or "/api/generate" or "/api/embed" or "/api/embeddings" or "/api/show") => Post(call),
            _ => OllamaReplies.Text(call, "404 page not found", 404),
        };
    }

    public Reply Error(SimulatedCall call, ProviderError error) => OllamaReplies.Error(call, error);

    // A real server answers OpenAI's paths besides its own, and asks for no key there either.
    private static Reply Compatible(SimulatedCall call)
    {
        if (!call.TryReadJson(out var root)) return OpenAIErrors.Reply(call, new ProviderError(400, "json"));
        call.Model = root.Text("model");
        if (string.IsNullOrEmpty(call.Model)) return OpenAIErrors.Reply(call, new ProviderError(400, "", "model is required", "model"));
        if (call.Model.Contains("missing", StringComparison.OrdinalIgnoreCase)) return OpenAIErrors.Reply(call, new ProviderError(404));
        return call.Path.TrimEnd('/') switch
        {
            "/v1/chat/completions" => ChatReply.Answer(call, root),
            "/v1/completions" => CompletionsReply.Answer(call, root),
            _ => EmbeddingsReply.Answer(call, root),
        };
    }

    private Reply Post(SimulatedCall call)
    {
        if (!call.TryReadJson(out var root))
            return Error(call, new ProviderError(400, null, call.Body.Length == 0 ? "missing request body" : "invalid character looking for beginning of value"));
        call.Model = root.Text("model") ?? root.Text("name");
        if (string.IsNullOrEmpty(call.Model))
            return Error(call, new ProviderError(400, null, "model is required"));
        if (call.Model.Contains("missing", StringComparison.OrdinalIgnoreCase))
            return Error(call, new ProviderError(404));
        switch (call.Path.TrimEnd('/'))
        {
            case "/api/embed":
                return OllamaEmbeddings.Embed(call, root);
            case "/api/embeddings":
                return OllamaEmbeddings.Legacy(call, root);
            case "/api/show":
                return OllamaModels.Show(call);
        }

        var ask = new Ask { Model = call.Model };
        var chat = call.Path.StartsWith("/api/chat", StringComparison.Ordinal);
        OllamaReader.Read(root, ask, chat);
        call.UserText = ask.UserText;
        return new OllamaAnswer(call, ask, chat).Write(root);
    }
}
