using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Writes the reasoning of a message as it was read from this very format: text, details, or both.</summary>
internal static class ChatReasoningWriter
{
    /// <summary>Writes <c>reasoning_content</c>, <c>reasoning</c> and <c>reasoning_details</c> as they stood.</summary>
    public static void WriteOwn(MemberWriter members, List<Part> reasoning, WireFormatId format)
    {
        var plain = reasoning.OfType<ReasoningPart>().Where(p => !ReasoningDetails.IsDetail(p, format)).ToList();
        string text = string.Join("\n\n", plain.Where(p => p.Text.Length > 0).Select(p => p.Text));
        bool written = false;
        foreach (string name in (ReadOnlySpan<string>)["reasoning_content", "reasoning"])
        {
            if (text.Length > 0 && members.IsEmptyText(name))
            {
                members.Output.WriteString(name, text);
                written = true;
            }
            else
            {
                members.Silent(name);
            }
        }
        if (!written && text.Length > 0) members.Output.WriteString("reasoning_content", text);
        WriteDetails(members, reasoning, format);
    }

    private static void WriteDetails(MemberWriter members, List<Part> reasoning, WireFormatId format)
    {
        if (!reasoning.Exists(p => p is RawPart || (p is ReasoningPart thinking && ReasoningDetails.IsDetail(thinking, format))))
        {
            members.Silent("reasoning_details");
            return;
        }
        members.Output.WriteStartArray("reasoning_details");
        int index = 0;
        foreach (var part in reasoning)
        {
            if (part is RawPart raw) raw.Json.WriteTo(members.Output);
            else if (part is ReasoningPart thinking && ReasoningDetails.IsDetail(thinking, format)) ReasoningDetails.Write(members.Output, thinking, format, index++);
        }
        members.Output.WriteEndArray();
    }
}
