using Sluice.Chat;

namespace Sluice.Wire;

/// <summary>What both halves of one translated call share: a reply often needs facts of its request. One object a call and attempt; not thread-safe.</summary>
public sealed class TranslationContext
{
    /// <summary>The format that the client speaks.</summary>
    public required WireFormatId ClientFormat { get; init; }

    /// <summary>The format that the upstream speaks.</summary>
    public required WireFormatId UpstreamFormat { get; init; }

    /// <summary>The model's name for the upstream, without the provider's name.</summary>
    public required string UpstreamModel { get; init; }

    /// <summary>The upstream's vendor (<c>openai</c>, <c>groq</c>, <c>anthropic</c>, <c>vertex</c> ...), for quirks within one format.</summary>
    public string Vendor { get; init; } = "";

    /// <summary>The member in which a server of the Chat Completions shape wants earlier reasoning back; <see langword="null"/> where its vendor says so.</summary>
    public string? ReasoningMember { get; init; }

    /// <summary>The most tokens that the model can answer with, where the catalogue knows; for codecs that work out a limit of their own.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>True where the model takes OpenAI's own prompt-cache markers (<c>prompt_cache_breakpoint</c>).</summary>
    public bool TakesCacheBreakpoints { get; init; }

    /// <summary>The neutral request; <see langword="null"/> only where an answer is read without its request (tests, audits).</summary>
    public ChatRequest? Request { get; set; }

    /// <summary>How the client wants a stream framed; <see cref="StreamStyle.Default"/> lets the format choose.</summary>
    public StreamStyle StreamStyle { get; init; }

    /// <summary>The request as the client wrote it, where its own format had to put it into other words for the upstream (<see cref="IChatServerFormat.ForOthers"/>); answers may repeat it.</summary>
    public ChatRequest? ClientRequest { get; set; }

    /// <summary>What was dropped or changed, both ways.</summary>
    public LossReport Losses { get; } = new();

    /// <summary>Where ids come from when a format needs one that the other side did not give.</summary>
    public required IIdSource Ids { get; init; }

    /// <summary>The time, where a format needs one that the other side did not give.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>
    /// When the call began, as <see cref="TimeProvider.GetTimestamp"/> of <see cref="Time"/> gave it, for formats whose answers tell how long they
    /// took (Ollama); <see langword="null"/> where not known.
    /// </summary>
    public long? StartTimestamp { get; init; }

    /// <summary>
    /// Spelling that the client-side encoder chose and the answer's decoder must undo: tool names that had to be changed, by their new name.
    /// </summary>
    public Dictionary<string, string> RenamedTools { get; } = new(StringComparer.Ordinal);

    /// <summary>Tools that the client declared in another way than they are offered, by the names under which they are offered.</summary>
    public Dictionary<string, DeclaredTool> DeclaredTools { get; } = new(StringComparer.Ordinal);
}

/// <summary>A tool as the client declared it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Namespace">The group that it belongs to (Responses <c>namespace</c>); <see langword="null"/> for none.</param>
/// <param name="Kind">The client format's own name for its kind; <see langword="null"/> for a function or a tool of free text.</param>
public sealed record DeclaredTool(string Name, string? Namespace = null, string? Kind = null);

/// <summary>How a stream is framed for a client whose format has more than one way.</summary>
public enum StreamStyle
{
    /// <summary>The format's usual way.</summary>
    Default,

    /// <summary>One JSON array over time (Gemini <c>streamGenerateContent</c> without <c>alt=sse</c>).</summary>
    JsonArray,
}

/// <summary>A source of new ids; injected so that tests repeat.</summary>
public interface IIdSource
{
    /// <summary>A new id.</summary>
    /// <param name="prefix">How it begins, e.g. <c>call_</c>.</param>
    /// <param name="length">How many letters and digits follow.</param>
    string Next(string prefix, int length = 24);
}
