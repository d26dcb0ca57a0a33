using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Gemini;

/// <summary>The Gemini API as its reference describes it: generation whole and streamed, token counts, embeddings, models.</summary>
internal sealed class GeminiProvider : IProvider
{
    public string Name => "gemini";

    public Reply Answer(SimulatedCall call)
    {
        var bearer = Credentials.Bearer(call);
        var key = call.Header("x-goog-api-key") is { Length: > 0 } header ? header : call.Query("key") is { Length: > 0 } query ? query : bearer;
        var access = Credentials.Judge(key);

        // No key at all is a 403 here and a wrong one a 400; only a wrong OAuth token is a 401.
        if (access == Access.Missing)
            return Error(call, new ProviderError(403, "missing"));
        if (access == Access.Refused)
            return Error(call, ReferenceEquals(key, bearer) ? new ProviderError(401) : new ProviderError(400, "API_KEY_INVALID"));
        var version = call.Path.StartsWith("/v1beta/models", StringComparison.Ordinal) ? "/v1beta/models" : call.Path.StartsWith("/v1/models", StringComparison.Ordinal) ? "/v1/models" : null;
        if (version is null)
            return Error(call, new ProviderError(404, "path"));
        var rest = Uri.UnescapeDataString(call.Path[version.Length..].Trim('/'));
        var colon = rest.LastIndexOf(':');
        var reply = (call.Method, rest.Length, colon) switch
        {
            ("GET", 0, _) => GeminiModels.List(call),
            ("GET", _, _) => GeminiModels.One(call, rest),
            ("POST", _, > 0) => Post(call, rest[..colon], rest[(colon + 1)..]),
            _ => Error(call, new ProviderError(404, "path")),
        };
        if (reply.Status == 200 && access == Access.Limited)
            return Error(call, new ProviderError(429));
        return reply.Status == 200 && access == Access.Forbidden ? Error(call, new ProviderError(403)) : reply;
    }

    public Reply Error(SimulatedCall call, ProviderError error) => GeminiErrors.Reply(call, error);

    private Reply Post(SimulatedCall call, string model, string method)
    {
        call.Model = model;
        if (method is not ("generateContent" or "streamGenerateContent" or "countTokens" or "embedContent" or "batchEmbedContents"))
            return Error(call, new ProviderError(404, "path"));
        if (!call.TryReadJson(out var root))
            return Error(call, new ProviderError(400, null, "Invalid JSON payload received. Unexpected token.\n\n^"));
        if (model.Contains("missing", StringComparison.OrdinalIgnoreCase))
            return Error(call, new ProviderError(404, method == "streamGenerateContent" ? "generateContent" : method));
        if (method is "embedContent" or "batchEmbedContents")
            return GeminiEmbeddings.Answer(call, root, batch: method == "batchEmbedContents");
        var ask = new Ask();
        var request = method == "countTokens" && root.Has("generateContentRequest", "generate_content_request", out var inner) ? inner : root;
        if ((GeminiMembers.Check(call, request) ?? GenerateReader.Read(call, request, ask)) is { } problem)
            return Error(call, new ProviderError(400, null, problem));
        return method == "countTokens" ? GenerateReply.Count(call, ask) : GenerateReply.Answer(call, root, ask, streams: method == "streamGenerateContent");
    }
}
