using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>What differs between the formats that share the Chat Completions shape. Readers are lenient for all of them; writers obey this.</summary>
/// <param name="Id">The format.</param>
/// <param name="Family">Whose own signatures it carries.</param>
internal sealed record ChatDialect(WireFormatId Id, string Family)
{
    /// <summary>OpenAI's own, and that of every vendor that follows it.</summary>
    public static ChatDialect OpenAI { get; } = new(WireFormatId.OpenAIChat, "openai");

    /// <summary>Mistral's (docs.mistral.ai/api, @mistralai/mistralai <c>models/components</c>).</summary>
    public static ChatDialect Mistral { get; } = new(WireFormatId.MistralChat, "mistral")
    {
        SeedMember = "random_seed",
        IsMistral = true,
        Parameters = ChatParameters.Mistral,
    };

    /// <summary>The name of the seed.</summary>
    public string SeedMember { get; init; } = "seed";

    /// <summary>Where its parameters stand.</summary>
    public ParameterMap Parameters { get; init; } = ChatParameters.OpenAI;

    /// <summary>True for Mistral: reasoning as <c>thinking</c> parts of the content, <c>document_url</c> parts, nine-character call ids, media in tool results.</summary>
    public bool IsMistral { get; init; }

    /// <summary>An id of a tool call as this format's servers accept it.</summary>
    public string CallId(string id) => IsMistral ? Shared.ToolCallIds.Nine(id) : Shared.ToolCallIds.Fit(id, 40);
}
