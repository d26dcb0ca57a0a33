using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>A run of messages of one role.</summary>
/// <param name="Role"><c>user</c>, <c>assistant</c> or <c>system</c>.</param>
/// <param name="Parts">Its blocks.</param>
internal sealed record AnthropicTurn(string Role, List<Part> Parts);

/// <summary>Arranges another format's conversation as this one demands: roles alternate, results come first in the turn after their calls.</summary>
internal sealed class AnthropicTurns
{
    /// <summary>The system prompt.</summary>
    public List<Part> System { get; } = [];

    /// <summary>The conversation.</summary>
    public List<AnthropicTurn> Turns { get; } = [];

    /// <summary>Arranges a conversation and reports what cannot be carried.</summary>
    public static AnthropicTurns Arrange(ChatRequest request, AnthropicModelRules rules, LossReport losses)
    {
        var arranged = new AnthropicTurns();
        var admission = new AnthropicAdmission(losses);
        for (int i = 0; i < request.Messages.Count; i++) arranged.Add(request.Messages[i], $"messages[{i}]", rules, admission, losses);
        foreach (var turn in arranged.Turns) PutResultsFirst(turn.Parts);
        arranged.AskSomething(losses);
        arranged.TrimPrefill(losses);
        return arranged;
    }

    private void Add(ChatMessage message, string path, AnthropicModelRules rules, AnthropicAdmission admission, LossReport losses)
    {
        losses.Unknown(message.Notes, AnthropicNames.Id, path);
        if (message.Name is not null) losses.Dropped($"{path}.name", "this format has no names of speakers");
        string role = message.Role.IsInstruction ? "system" : message.Role == Role.Assistant ? "assistant" : "user";
        var parts = admission.Admit(message.Parts, role, $"{path}.content");
        if (parts.Count == 0) return;
        if (role == "system" && (Turns.Count == 0 || !rules.TakesSystemInPlace))
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
            Turns.Add(new AnthropicTurn(role, parts));
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
    private void AskSomething(LossReport losses)
    {
        if (Turns.Count > 0 || System.Count == 0) return;
        Turns.Add(new AnthropicTurn("user", [System[^1]]));
        System.RemoveAt(System.Count - 1);
        losses.Changed("messages", "the last instruction was sent as a user message: this format needs one");
    }

    // An answer begun by the client must not end in white space.
    private void TrimPrefill(LossReport losses)
    {
        if (Turns is not [.., { Role: "assistant", Parts: [.., TextPart { Text: [.., var last] } text] parts }] || !char.IsWhiteSpace(last)) return;
        parts[^1] = text with { Text = text.Text.TrimEnd() };
        losses.Changed("messages", "white space at the end of the begun answer was cut off: this format refuses it");
    }
}
