using Sluice.Accounting;
using Sluice.Chat;
using Sluice.Client;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>
/// What a request needs of a model. Bounds come from bytes alone, so that most calls are routed without reading them; what is exact is read at
/// first use and kept.
/// </summary>
internal sealed class RequestDemand(CallContext call)
{
    // A picture by URL is some forty bytes and counts as hundreds of tokens; no text has more tokens than bytes.
    private const int MostTokensOfMediaByte = 50;

    private readonly bool _isDirect = call.Inbound.Format is DirectFormat;
    private long? _tokens;
    private Needs? _needs;

    private static byte[][] MediaMarks { get; } = [.. new[] { "\"image", "\"input_", "\"inline", "\"file", "\"document", "\"audio", "\"video" }.Select(System.Text.Encoding.UTF8.GetBytes)];

    /// <summary>The output that the client allows; <see langword="null"/> where it says nothing.</summary>
    public long? MaxOutput => call.Head.MaxTokens;

    /// <summary>More tokens of input and output than the request can have.</summary>
    public long MostTokens => (_isDirect ? Tokens : call.Members.Body.Length * (long)(MayHoldMedia ? MostTokensOfMediaByte : 1)) + (MaxOutput ?? 0);

    /// <summary>What the request may need; a need that is not in it is certainly none.</summary>
    public Needs Possible => _needs ?? (_isDirect ? Exact : (MayHoldMedia ? Needs.Media : Needs.None) | Named());

    /// <summary>What the request needs.</summary>
    public Needs Exact => _needs ??= Read();

    /// <summary>Estimated tokens of input: one pass over the body, once for all who ask.</summary>
    public long Tokens => _tokens ??= Estimate();

    private bool MayHoldMedia
    {
        get
        {
            if (call.Inbound.Format.Operation != WireOperation.Chat) return false;
            var body = call.Members.Body.Span;
            foreach (byte[] mark in MediaMarks)
            {
                if (body.IndexOf(mark) >= 0) return true;
            }
            return false;
        }
    }

    // In the library a request comes as objects.
    private long Estimate() => !_isDirect ? BodyTokens.Estimate(call.Members.Body.Span, call.Inbound.Format.Id) : call.Chat is { IsSuccess: true } chat ? TokenEstimator.Estimate(chat.Value) : 0;

    private Needs Named()
    {
        var members = call.Members;
        var needs = Needs.None;
        if (members.TryGet("tools"u8, out _) || members.TryGet("functions"u8, out _)) needs |= Needs.Tools;
        if (members.Body.Span.IndexOf("schema"u8) >= 0 || members.Body.Span.IndexOf("Schema"u8) >= 0 || members.TryGet("format"u8, out _)) needs |= Needs.Schema;
        return needs;
    }

    private Needs Read()
    {
        // A request that cannot be read is told so by the attempt, in its own words.
        if (call.Inbound.Format is not IChatServerFormat || call.Chat is not { IsSuccess: true } chat) return Needs.None;
        var request = chat.Value;
        var needs = Needs.None;
        if (request.Tools.Any(t => t is FunctionTool or CustomTool)) needs |= Needs.Tools;
        if (request.AnswerFormat is { Type: "json_schema" }) needs |= Needs.Schema;
        if (request.Reasoning?.Wanted == true) needs |= Needs.Reasoning;
        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts) needs |= Of(part);
        }
        return needs;
    }

    private static Needs Of(Part part) => part switch
    {
        MediaPart { Source: TextMedia } => Needs.None,
        MediaPart { Kind.Value: "image" } => Needs.Vision,
        MediaPart { Kind.Value: "audio" } => Needs.Audio,
        MediaPart { Kind.Value: "document" } => Needs.Documents,
        ToolResultPart result => result.Content.Aggregate(Needs.None, static (needs, inner) => needs | Of(inner)),
        _ => Needs.None,
    };
}
