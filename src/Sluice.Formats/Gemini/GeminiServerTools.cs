using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>Reads parts in which Google's own tools were called or answered: code execution, and (Gemini 3) searches and their like.</summary>
internal static class GeminiServerTools
{
    public static ServerToolCallPart Code(ref GeminiPartHead head)
    {
        head.Notes.Mark("executableCode");
        return new ServerToolCallPart(head.Data.Text("id"u8) ?? "", "code_execution", RawJson.From(head.Data));
    }

    public static ServerToolResultPart CodeResult(ref GeminiPartHead head)
    {
        head.Notes.Mark("codeExecutionResult");
        return new ServerToolResultPart(head.Data.Text("id"u8) ?? "", "code_execution", RawJson.From(head.Data));
    }

    public static ServerToolCallPart Call(ref GeminiPartHead head, string path)
    {
        string? id = null, type = null;
        RawJson input = default;
        foreach (var member in GeminiPartReader.Members(head.Data, path, "toolCall"))
        {
            switch (head.Notes.Name(member, "toolCall."))
            {
                case null: break;
                case "id" when member.Value.ValueKind == JsonValueKind.String: id = member.Value.GetString(); break;
                case "toolType" when member.Value.ValueKind == JsonValueKind.String: type = member.Value.GetString(); break;
                case "args": input = RawJson.From(member.Value); break;
                default: head.Notes.Keep(member, "toolCall."); break;
            }
        }
        head.Notes.Mark("toolCall");
        return new ServerToolCallPart(id ?? "", type ?? "", input);
    }

    public static ServerToolResultPart Result(ref GeminiPartHead head, string path)
    {
        string? id = null, type = null;
        RawJson content = default;
        foreach (var member in GeminiPartReader.Members(head.Data, path, "toolResponse"))
        {
            switch (head.Notes.Name(member, "toolResponse."))
            {
                case null: break;
                case "id" when member.Value.ValueKind == JsonValueKind.String: id = member.Value.GetString(); break;
                case "toolType" when member.Value.ValueKind == JsonValueKind.String: type = member.Value.GetString(); break;
                case "response": content = RawJson.From(member.Value); break;
                default: head.Notes.Keep(member, "toolResponse."); break;
            }
        }
        head.Notes.Mark("toolResponse");
        return new ServerToolResultPart(id ?? "", type ?? "", content);
    }
}
