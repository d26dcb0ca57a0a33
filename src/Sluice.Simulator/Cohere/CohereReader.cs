using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Cohere;

/// <summary>Reads a chat request, and refuses what the API refuses in a conversation.</summary>
internal static class CohereReader
{
    /// <summary>What is wrong with the request in the API's words, or null.</summary>
    public static string? Read(SimulatedCall call, JsonElement root, Ask ask)
    {
        ask.Model = call.Model!;
        if (!root.Has("messages", out var messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
            return "invalid request: messages must be provided and must not be empty";
        ReadSettings(root, ask);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var waiting = new HashSet<string>(StringComparer.Ordinal);
        foreach (var message in messages.EnumerateArray())
        {
            var role = message.Text("role");
            if (role != "tool" && waiting.Count > 0)
                return $"invalid request: all tool calls must be followed by tool messages, missing: {string.Join(", ", waiting)}";
            switch (role)
            {
                case "system" or "developer":
                    var system = ReadContent(message, ask, counts: false);
                    ask.System = ask.System is null ? system : ask.System + "\n" + system;
                    break;
                case "user":
                    ask.NewUserTurn();
                    ask.AddUserText(ReadContent(message, ask, counts: true));
                    break;
                case "assistant":
                    ask.Results.Clear();
                    ReadContent(message, ask, counts: false);
                    ask.Prompt.Add(message.Text("tool_plan"));
                    foreach (var use in message.Items("tool_calls"))
                    {
                        var id = use.Text("id") ?? "";
                        use.Has("function", out var function);
                        names[id] = function.Text("name") ?? "";
                        ask.Prompt.Add(names[id]);
                        ask.Prompt.Add(function.Text("arguments"));
                        waiting.Add(id);
                    }

                    break;
                case "tool":
                    var answered = message.Text("tool_call_id") ?? "";
                    if (!names.TryGetValue(answered, out var name))
                        return $"invalid request: tool call id not found in previous tool calls: {answered}";
                    waiting.Remove(answered);
                    ask.Results.Add(new ToolOutput(name, ReadContent(message, ask, counts: true)));
                    break;
                default:
                    return $"invalid request: role must be one of user, assistant, system, tool, got '{role}'";
            }
        }

        call.UserText = ask.UserText;
        return waiting.Count > 0 ? $"invalid request: all tool calls must be followed by tool messages, missing: {string.Join(", ", waiting)}" : null;
    }

    private static void ReadSettings(JsonElement root, Ask ask)
    {
        ask.MaxTokens = root.Number("max_tokens");
        ask.Stops.AddRange(root.Items("stop_sequences").Select(stop => stop.GetString() ?? ""));
        ask.Thinks = root.Has("thinking", out var thinking) ? thinking.Text("type") != "disabled" : ask.Model.Contains("reasoning", StringComparison.Ordinal);
        if (root.Has("response_format", out var format) && format.Text("type") == "json_object")
        {
            ask.WantsJson = true;
            ask.Schema = format.Has("json_schema", "schema", out var schema) ? schema : null;
        }

        foreach (var tool in root.Items("tools"))
        {
            if (tool.Has("function", out var function))
                ask.AddTool(function.Text("name") ?? "", function.Has("parameters", out var parameters) ? parameters : null, function.Text("description"));
        }

        ask.Demand = root.Text("tool_choice")?.ToUpperInvariant() switch { "REQUIRED" => ToolDemand.Required, "NONE" => ToolDemand.None, _ => ToolDemand.Auto };
        foreach (var document in root.Items("documents"))
            ask.Prompt.Add(document.GetRawText());
    }

    private static string ReadContent(JsonElement message, Ask ask, bool counts)
    {
        if (!message.Has("content", out var content))
            return "";
        if (content.ValueKind == JsonValueKind.String)
        {
            ask.Prompt.Add(content.GetString());
            return content.GetString()!;
        }

        var text = "";
        foreach (var part in content.Items())
        {
            var piece = part.Text("text");
            if (piece is null && part.Has("document", out var document) && document.Has("data", out var data))
                piece = data.ValueKind == JsonValueKind.String ? data.GetString() : data.GetRawText();
            if (piece is not null)
            {
                ask.Prompt.Add(piece);
                text = text.Length == 0 ? piece : text + "\n" + piece;
            }
            else if (counts && part.Has("image_url", out var image))
            {
                ask.AddMedia(Media.FromUrl("image", image.Text("url") ?? ""));
            }
        }

        return text;
    }
}
