using Sluice.Chat;

namespace Sluice.Formats.Gemini;

/// <summary>One entry of <c>contents</c>, ready to be written.</summary>
internal sealed class GeminiTurn(bool isModel)
{
    /// <summary>The model speaks; otherwise the user.</summary>
    public bool IsModel { get; } = isModel;

    public List<Part> Parts { get; } = [];
}
