using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Mistral;

/// <summary>The Mistral API as its reference describes it: chat, embeddings, models.</summary>
internal sealed class MistralProvider : IProvider
{
    public string Name => "mistral";

    public Reply Answer(SimulatedCall call)
    {
        var access = Credentials.Judge(Credentials.Bearer(call));
        if (access is Access.Missing or Access.Refused)
            return Error(call, new ProviderError(401));
        var path = call.Path.TrimEnd('/');
        var reply = (call.Method, path) switch
        {
            ("GET", "/v1/models") => MistralModels.List(call),
            ("GET", _) when path.StartsWith("/v1/models/", StringComparison.Ordinal) => MistralModels.One(call, path["/v1/models/".Length..]),
            ("POST", "/v1/chat/completions" or "/v1/embeddings") => Post(call, path),
            _ => Error(call, new ProviderError(404, "path")),
        };
        if (reply.Status == 200 && access == Access.Limited)
            return Error(call, new ProviderError(429));
        return reply.Status == 200 && access == Access.Forbidden ? Error(call, new ProviderError(403)) : reply;
    }

    public Reply Error(SimulatedCall call, ProviderError error) => MistralErrors.Reply(call, error);

    private Reply Post(SimulatedCall call, string path)
    {
        if (!call.TryReadJson(out var root))
            return Error(call, new ProviderError(422, "json"));
        call.Model = root.Text("model");
        if (string.IsNullOrEmpty(call.Model))
            return Error(call, new ProviderError(422, "model"));

        // An unknown model is a 400 here, with the model's name in the text.
        if (call.Model.Contains("missing", StringComparison.OrdinalIgnoreCase))
            return Error(call, new ProviderError(400, "invalid_model"));
        if (MistralMembers.Check(call, root, path) is { } unknown)
            return Error(call, unknown);
        if (path == "/v1/embeddings")
            return MistralEmbeddings.Answer(call, root);
        var ask = new Ask();
        return MistralReader.Read(call, root, ask) is { } refused ? Error(call, refused) : new MistralChat(call, ask, root).Answer();
    }
}
