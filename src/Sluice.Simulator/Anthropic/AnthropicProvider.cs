using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Anthropic;

/// <summary>The Anthropic API as its reference describes it: messages, token counts, models.</summary>
internal sealed class AnthropicProvider : IProvider
{
    public string Name => "anthropic";

    public Reply Answer(SimulatedCall call)
    {
        var key = call.Header("x-api-key") is { Length: > 0 } given ? given : Credentials.Bearer(call);
        var access = Credentials.Judge(key);
        if (access is Access.Missing or Access.Refused)
            return Error(call, new ProviderError(401, null, access == Access.Missing ? "x-api-key header is required" : "invalid x-api-key"));
        if (string.IsNullOrEmpty(call.Header("anthropic-version")))
            return Error(call, new ProviderError(400, null, "anthropic-version: header is required"));
        var path = call.Path.TrimEnd('/');
        var reply = (call.Method, path) switch
        {
            ("GET", "/v1/models") => AnthropicModels.List(call),
            ("GET", _) when path.StartsWith("/v1/models/", StringComparison.Ordinal) => AnthropicModels.One(call, path["/v1/models/".Length..]),
            ("POST", "/v1/messages" or "/v1/messages/count_tokens") => Post(call, path),
            (_, "/v1/messages" or "/v1/messages/count_tokens") => Error(call, new ProviderError(405)),
            _ => Error(call, new ProviderError(404, null, "Not Found")),
        };
        if (reply.Status == 200 && access == Access.Limited)
            return Error(call, new ProviderError(429));
        return reply.Status == 200 && access == Access.Forbidden ? Error(call, new ProviderError(403)) : reply;
    }

    public Reply Error(SimulatedCall call, ProviderError error) => AnthropicErrors.Reply(call, error);

    private Reply Post(SimulatedCall call, string path)
    {
        if (!call.TryReadJson(out var root))
            return Error(call, new ProviderError(400, null, "The request body is not valid JSON: expected value: line 1 column 1 (char 0)"));
        call.Model = root.Text("model");
        if (string.IsNullOrEmpty(call.Model))
            return Error(call, new ProviderError(400, null, "model: Field required"));
        if (call.Model.Contains("missing", StringComparison.OrdinalIgnoreCase))
            return Error(call, new ProviderError(404));
        if (AnthropicMembers.Check(call, root) is { } unknown)
            return Error(call, new ProviderError(400, null, unknown));
        var counts = path.EndsWith("/count_tokens", StringComparison.Ordinal);
        var ask = new Ask { SpeaksBeforeCalls = true };
        if (MessagesReader.Read(call, root, ask, needsMaxTokens: !counts) is { } problem)
            return Error(call, new ProviderError(400, null, problem));
        return counts ? Count(call, ask) : MessagesReply.Answer(call, root, ask);
    }

    private static Reply Count(SimulatedCall call, Ask ask)
    {
        var frames = new Frames(64);
        Json.Write(frames.Writer, ask.Prompt.Tokens, static (writer, tokens) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("input_tokens", tokens);
            writer.WriteEndObject();
        });
        frames.Cut();
        return AnthropicErrors.AddHeaders(call, new Reply { ContentType = "application/json", Frames = frames });
    }
}
