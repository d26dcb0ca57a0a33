using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.Shared;

/// <summary>A run of messages of one role.</summary>
/// <param name="Role"><c>user</c>, <c>assistant</c> or <c>system</c>.</param>
/// <param name="Parts">Its blocks.</param>
internal sealed record AlternatingTurn(string Role, List<Part> Parts);

/// <summary>Turns the parts of another format's message into parts that a format can write, and reports the rest.</summary>
internal interface IPartAdmission
{
    /// <summary>What of a message's parts can be written.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="role"><c>user</c>, <c>assistant</c> or <c>system</c>.</param>
    /// <param name="path">Where they stand, for reports.</param>
    List<Part> Admit(IReadOnlyList<Part> parts, string role, string path);
}

/// <summary>Arranges a conversation for formats in which roles alternate and results come first in the turn after their calls (Anthropic, Bedrock).</summary>
/// <param name="target">The format that is written.</param>
/// <param name="admission">What it can write.</param>
/// <param name="takesSystemInPlace">Instructions may stand in the middle of the conversation.</param>
/// <param name="losses">Where changes are reported.</param>
internal sealed class AlternatingTurns(WireFormatId target, IPartAdmission admission, bool takesSystemInPlace, LossReport losses)
{
    /// <summary>The system prompt.</summary>
    public List<Part> System { get; } = [];

    /// <summary>The conversation.</summary>
    public List<AlternatingTurn> Turns { get; } = [];

    /// <summary>Arranges a conversation and reports what cannot be carried.</summary>
    public void Arrange(IReadOnlyList<ChatMessage> messages)
    {
        for (int i = 0; i < messages.Count; i++) Add(messages[i], $"messages[{i}]");
        foreach (var turn in Turns) PutResultsFirst(turn.Parts);
        AskSomething();
        TrimPrefill();
    }

    private void Add(ChatMessage message, string path)
    {
        losses.Unknown(message.Notes, target, path);
        if (message.Name is not null) losses.Dropped($"{path}.name", "this format has no names of speakers");
        string role = message.Role.IsInstruction ? "system" : message.Role == Role.Assistant ? "assistant" : "user";
        var parts = admission.Admit(message.Parts, role, $"{path}.content");
        if (parts.Count == 0) return;
        if (role == "system" && (Turns.Count == 0 || !takesSystemInPlace))
        {
            if (Turns.Count > 0) losses.Changed(path, "moved to the system prompt: this model takes no instructions in the middle of a conversation");
            System.AddRange(parts);
        }
        else if (Turns.Count > 0 && Turns[^1].Role == role)
        {
            Turns[^1].Parts.AddRange(parts);
        }
        else
        {
            Turns.Add(new AlternatingTurn(role, parts));
        }
    }

    private static void PutResultsFirst(List<Part> parts)
    {
        int firstOther = parts.FindIndex(p => p is not ToolResultPart);
        if (firstOther < 0 || parts.FindLastIndex(p => p is ToolResultPart) < firstOther) return;
        var results = parts.FindAll(p => p is ToolResultPart);
        parts.RemoveAll(p => p is ToolResultPart);
        parts.InsertRange(0, results);
    }

    // Instructions alone are a conversation elsewhere; here at least one message must follow them.
    private void AskSomething()
    {
        if (Turns.Count > 0 || System.Count == 0) return;
        Turns.Add(new AlternatingTurn("user", [System[^1]]));
        System.RemoveAt(System.Count - 1);
        losses.Changed("messages", "the last instruction was sent as a user message: this format needs one");
    }

    // An answer begun by the client must not end in white space.
    private void TrimPrefill()
    {
        if (Turns is not [.., { Role: "assistant", Parts: [.., TextPart { Text: [.., var last] } text] parts }] || !char.IsWhiteSpace(last)) return;
        parts[^1] = text with { Text = text.Text.TrimEnd() };
        losses.Changed("messages", "white space at the end of the begun answer was cut off: this format refuses it");
    }
}
