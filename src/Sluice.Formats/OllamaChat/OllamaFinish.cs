using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OllamaChat;

/// <summary>
/// <c>done_reason</c>: <c>stop</c>, <c>length</c>, <c>load</c>, <c>unload</c> (<c>llm.DoneReason</c> and <c>server/routes.go</c>). An answer with tool
/// calls ends with <c>stop</c> too; versions before 0.1.45 say nothing.
/// </summary>
internal static class OllamaFinish
{
    /// <summary>Reads it from the last chunk, or the whole answer.</summary>
    public static FinishReason Read(JsonElement root, bool hasCalls) => root.Text("done_reason"u8) switch
    {
        // A request without a prompt loads or unloads the model: nothing more was asked for.
        null or "" or "stop" or "load" or "unload" => hasCalls ? FinishReason.ToolCalls : FinishReason.Stop,
        "length" => FinishReason.Length,
        "tool_calls" => FinishReason.ToolCalls,
        "error" => FinishReason.Error,
        { } other => new FinishReason(other),
    };

    /// <summary>True where the answer says why it ended, or has content: versions before 0.1.45 say nothing.</summary>
    public static bool IsTold(JsonElement root, bool hasContent) => hasContent || root.Text("done_reason"u8) is { Length: > 0 };

    /// <summary>Keeps the spelling where <see cref="Write"/> would choose another.</summary>
    public static void Keep(JsonElement root, FinishReason reason, NotesBuilder notes)
    {
        string? spelled = root.Text("done_reason"u8);
        notes.Spell("no-done_reason", spelled is null).Spell("done_reason", spelled == Word(reason) ? null : spelled);
    }

    /// <summary>Writes the member; a reason that Ollama has no word for is told as <c>length</c> and reported.</summary>
    public static void Write(Utf8JsonWriter writer, FinishReason? reason, WireNotes? notes, LossReport losses)
    {
        if (notes.Has(WireFormatId.OllamaChat, "no-done_reason")) return;
        string word = notes.Value(WireFormatId.OllamaChat, "done_reason") ?? Word(reason ?? FinishReason.Stop);
        if (reason is { } told && !IsGood(told) && told != FinishReason.Length && notes.Value(WireFormatId.OllamaChat, "done_reason") is null) losses.Changed("finish_reason", $"Ollama has no word for '{reason}': told as '{word}'");
        writer.WriteString("done_reason"u8, word);
    }

    // What was refused, broke off or ended nobody knows how: of the set, only "length" says that something is missing.
    private static string Word(FinishReason reason) => IsGood(reason) ? "stop" : "length";

    private static bool IsGood(FinishReason reason) => reason.Value is "stop" or "stop_sequence" or "tool_calls";
}
