using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;

namespace Sluice.Formats.Gemini;

/// <summary>Reads a <c>generateContent</c> body, and the same inside a <c>countTokens</c> body.</summary>
internal static class GeminiRequestReader
{
    public static ChatRequest Read(JsonElement root, string model, bool stream)
    {
        var notes = default(GeminiNotesBuilder);
        var request = new ChatRequest { Model = model, Messages = [], Stream = stream };
        var messages = new List<ChatMessage>();
        JsonElement? contents = null, toolConfig = null;
        foreach (var member in root.EnumerateObject())
        {
            switch (notes.Name(member))
            {
                case null:
                    break;
                case "contents":
                    contents = member.Value;
                    break;
                case "systemInstruction":
                    messages.Add(ReadContent(member.Value, "systemInstruction", Role.System, new GeminiPartReader(new GeminiCalls())));
                    break;
                case "tools":
                    request = request with { Tools = GeminiToolReader.Read(member.Value, ref notes) };
                    break;
                case "toolConfig":
                    toolConfig = member.Value;
                    break;
                case "generationConfig":
                    request = GeminiConfigReader.Read(request, member.Value, ref notes);
                    break;
                // The path names the model; whichever one is asked in the end is written here again.
                case "model":
                    notes.Mark("model");
                    break;
                case "serviceTier" when member.Value.ValueKind == JsonValueKind.String:
                    notes.Mark("serviceTier", member.Value.GetString()!);
                    request = request with { ServiceTier = GeminiServiceTiers.ToNeutral(member.Value.GetString()!) };
                    break;
                case "store" when member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    request = request with { Store = member.Value.GetBoolean() };
                    break;
                case "cachedContent":
                    request = request with { UsesServerState = true };
                    notes.Keep(member);
                    break;
                default:
                    notes.Keep(member);
                    break;
            }
        }
        if (contents is { } list) ReadContents(list, messages, ref notes);
        else throw new WireFormatException("contents", "is missing; a list of contents is required");
        if (toolConfig is { } choice) request = request with { ToolChoice = GeminiToolReader.ReadChoice(choice, ref notes) };
        return request with { Messages = GeminiThoughts.Join(messages), Notes = notes.Build() };
    }

    private static void ReadContents(JsonElement contents, List<ChatMessage> messages, ref GeminiNotesBuilder notes)
    {
        var parts = new GeminiPartReader(new GeminiCalls());
        if (contents.ValueKind == JsonValueKind.Object)
        {
            notes.Mark("onecontent");
            messages.Add(ReadContent(contents, "contents", Role.User, parts));
            return;
        }
        if (contents.ValueKind != JsonValueKind.Array) throw new WireFormatException("contents", "must be an array");
        int index = 0;
        foreach (var content in contents.EnumerateArray()) messages.Add(ReadContent(content, $"contents[{index++}]", Role.User, parts));
    }

    private static ChatMessage ReadContent(JsonElement content, string path, Role role, GeminiPartReader reader)
    {
        if (content.ValueKind != JsonValueKind.Object) throw new WireFormatException(path, "must be an object with parts");
        var notes = default(GeminiNotesBuilder);
        List<Part>? parts = null;
        bool hasRole = false;
        foreach (var member in content.EnumerateObject())
        {
            switch (notes.Name(member))
            {
                case null:
                    break;
                case "parts" when member.Value.ValueKind == JsonValueKind.Array:
                    parts = reader.ReadAll(member.Value, $"{path}.parts");
                    break;
                case "parts" when member.Value.ValueKind == JsonValueKind.Object:
                    notes.Mark("onepart");
                    parts = [reader.Read(member.Value, $"{path}.parts")];
                    break;
                case "parts":
                    throw new WireFormatException($"{path}.parts", "must be an array");
                case "role" when member.Value.ValueKind == JsonValueKind.String:
                    hasRole = true;
                    string word = member.Value.GetString()!;
                    if (role.IsInstruction) notes.Mark("role", word);
                    else role = RoleOf(word, path, ref notes);
                    break;
                case "role" when member.Value.ValueKind != JsonValueKind.Null:
                    throw new WireFormatException($"{path}.role", "must be a string");
                default:
                    notes.Keep(member);
                    break;
            }
        }
        if (!hasRole) notes.Mark("norole");
        if (parts is null) notes.Mark("noparts");
        return new ChatMessage(role, parts ?? []) { Notes = notes.Build() };
    }

    private static Role RoleOf(string word, string path, ref GeminiNotesBuilder notes)
    {
        switch (word)
        {
            case "user":
                return Role.User;
            case "model":
                return Role.Assistant;
            // Older clients send results under a role of their own.
            case "function" or "tool":
                notes.Mark("role", word);
                return Role.Tool;
            case "":
                notes.Mark("role", word);
                return Role.User;
            default:
                throw new WireFormatException($"{path}.role", $"must be user or model, not '{(word.Length > 40 ? word[..40] : word)}'");
        }
    }
}
