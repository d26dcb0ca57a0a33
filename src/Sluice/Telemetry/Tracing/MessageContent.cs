using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;

namespace Sluice.Telemetry.Tracing;

/// <summary>
/// Messages as the conventions' JSON for <c>gen_ai.input.messages</c>, <c>gen_ai.output.messages</c> and <c>gen_ai.system_instructions</c>. Media are
/// named, not copied; the whole is bounded.
/// </summary>
internal static class MessageContent
{
    /// <summary>The most text of all parts of one attribute, in characters.</summary>
    private const int MaxText = 32 * 1024;

    /// <summary>The instructions apart from the other messages.</summary>
    public static (string? Instructions, string Messages) Of(IReadOnlyList<ChatMessage> messages, Func<string, string> mask)
    {
        var left = new Budget();
        var parts = messages.Where(m => m.Role.IsInstruction).SelectMany(m => m.Parts).ToArray();
        string? instructions = parts.Length == 0 ? null : Write(w => Parts(w, parts, mask, left));
        return (instructions, Write(w =>
        {
            w.WriteStartArray();
            foreach (var message in messages.Where(m => !m.Role.IsInstruction)) Message(w, message.Role.Value, message.Parts, null, mask, left);
            w.WriteEndArray();
        }));
    }

    /// <summary>The answers.</summary>
    public static string Of(IReadOnlyList<Candidate> candidates, Func<string, string> mask)
    {
        var left = new Budget();
        return Write(w =>
        {
            w.WriteStartArray();
            foreach (var candidate in candidates) Message(w, "assistant", candidate.Parts, candidate.FinishReason?.Value ?? "", mask, left);
            w.WriteEndArray();
        });
    }

    private static void Message(Utf8JsonWriter w, string role, IReadOnlyList<Part> parts, string? reason, Func<string, string> mask, Budget left)
    {
        w.WriteStartObject();
        w.WriteString("role"u8, role);
        w.WritePropertyName("parts"u8);
        Parts(w, parts, mask, left);
        if (reason is not null) w.WriteString("finish_reason"u8, reason);
        w.WriteEndObject();
    }

    private static void Parts(Utf8JsonWriter w, IReadOnlyList<Part> parts, Func<string, string> mask, Budget left)
    {
        w.WriteStartArray();
        foreach (var part in parts)
        {
            if (left.IsSpent) break;
            w.WriteStartObject();
            Fields(w, part, text => left.Take(mask(text)));
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void Fields(Utf8JsonWriter w, Part part, Func<string, string> text)
    {
        switch (part)
        {
            case TextPart p: Text(w, "text", text(p.Text)); break;
            case RefusalPart p: Text(w, "text", text(p.Text)); break;
            case ReasoningPart p: Text(w, "reasoning", text(p.Text)); break;
            case ToolCallPart p:
                w.WriteString("type"u8, "tool_call"u8);
                w.WriteString("id"u8, text(p.CallId));
                w.WriteString("name"u8, text(p.Name));
                w.WriteString("arguments"u8, text(p.Arguments));
                break;
            case ToolResultPart p:
                w.WriteString("type"u8, "tool_call_response"u8);
                w.WriteString("id"u8, text(p.CallId));
                w.WriteString("response"u8, text(string.Concat(p.Content.OfType<TextPart>().Select(t => t.Text))));
                break;
            case MediaPart p:
                w.WriteString("type"u8, "blob"u8);
                w.WriteString("modality"u8, p.Kind.Value);
                break;
            default:
                w.WriteString("type"u8, part.GetType().Name);
                break;
        }
    }

    private static void Text(Utf8JsonWriter w, string type, string text)
    {
        w.WriteString("type"u8, type);
        w.WriteString("content"u8, text);
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new Engine.Buffers.PooledBuffer();
        JsonOutput.Write(buffer, write, static (w, s) => s(w));
        return Encoding.UTF8.GetString(buffer.Written.Span);
    }

    // Text that is left for an attribute; what goes beyond is cut with a sign of it.
    private sealed class Budget
    {
        private int _left = MaxText;

        public bool IsSpent => _left == 0;

        public string Take(string text)
        {
            if (text.Length <= _left)
            {
                _left -= text.Length;
                return text;
            }
            string cut = text[..Math.Max(0, _left)] + "...";
            _left = 0;
            return cut;
        }
    }
}
