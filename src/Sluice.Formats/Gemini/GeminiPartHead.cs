using System.Text.Json;

namespace Sluice.Formats.Gemini;

/// <summary>One pass over a part: which of its exclusive members it has, and what stands beside it.</summary>
internal struct GeminiPartHead
{
    /// <summary>The member that makes the part (<c>text</c>, <c>functionCall</c> ...); <see langword="null"/> where this codec knows none of it.</summary>
    public string? Kind { get; private set; }

    /// <summary>The value of that member.</summary>
    public JsonElement Data { get; private set; }

    /// <summary>The part is a thought.</summary>
    public bool IsThought { get; private set; }

    /// <summary>The <c>thoughtSignature</c>.</summary>
    public string? Signature { get; private set; }

    /// <summary>What else stood there.</summary>
    public GeminiNotesBuilder Notes;

    public static GeminiPartHead Read(JsonElement part)
    {
        var head = default(GeminiPartHead);
        foreach (var member in part.EnumerateObject())
        {
            switch (head.Notes.Name(member))
            {
                case null:
                    break;
                case ("text" or "inlineData" or "fileData" or "functionCall" or "functionResponse" or "executableCode" or "codeExecutionResult" or "toolCall" or "toolResponse") and var kind when head.Kind is null:
                    head.Kind = kind;
                    head.Data = member.Value;
                    break;
                case "thought" when member.Value.ValueKind == JsonValueKind.True:
                    head.IsThought = true;
                    break;
                case "thoughtSignature" when member.Value.ValueKind == JsonValueKind.String:
                    head.Signature = member.Value.GetString();
                    break;
                default:
                    head.Notes.Keep(member);
                    break;
            }
        }
        return head;
    }
}
