using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>Reads a chat completion request, and refuses what the API refuses in a conversation.</summary>
internal static class ChatReader
{
    public static ProviderError? Read(SimulatedCall call, JsonElement root, Ask ask)
    {
        ask.Model = call.Model!;
        if (!root.Has("messages", out var messages))
            return new ProviderError(400, "missing_required_parameter", "Missing required parameter: 'messages'.", "messages");
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
            return new ProviderError(400, "empty_array", "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.", "messages");
        ReadSettings(root, ask);
        ReadTools(root, ask);
        var deepSeek = IsReasoner(ask.Model);
        var signed = deepSeek && (call.Stage.Options.RequireSignatures || ask.Model.Contains("signed", StringComparison.OrdinalIgnoreCase));
        var history = new ToolHistory();
        var index = -1;
        foreach (var message in messages.EnumerateArray())
        {
            index++;
            var role = message.Text("role");
            if (history.Check(message, role, index) is { } broken)
                return broken;
            if (ReadMessage(message, role, index, ask, history) is { } wrong)
                return wrong;
            if (signed && role == "assistant" && message.Has("tool_calls", out _) && string.IsNullOrEmpty(message.Text("reasoning_content")))
                return new ProviderError(400, "invalid_request_error", $"Missing `reasoning_content` field in the assistant message at message index {index}. For more information, please refer to https://api-docs.deepseek.com/guides/thinking_mode#tool-calls");
        }

        call.UserText = ask.UserText;
        return history.End();
    }

    public static bool IsReasoner(string model) => model.Contains("reasoner", StringComparison.OrdinalIgnoreCase);

    private static void ReadSettings(JsonElement root, Ask ask)
    {
        ask.MaxTokens = root.Number("max_completion_tokens") ?? root.Number("max_tokens");
        ask.Count = Math.Clamp(root.Number("n") ?? 1, 1, 128);
        ask.Thinks = IsReasoner(ask.Model) || root.Text("reasoning_effort") is not (null or "none");
        if (root.Has("stop", out var stop))
        {
            if (stop.ValueKind == JsonValueKind.String)
                ask.Stops.Add(stop.GetString()!);
            foreach (var item in stop.Items())
                ask.Stops.Add(item.GetString() ?? "");
        }

        if (!root.Has("response_format", out var format))
            return;
        ask.WantsJson = format.Text("type") is "json_object" or "json_schema";
        if (format.Has("json_schema", out var wrapper) && wrapper.Has("schema", out var schema))
            ask.Schema = schema;
    }

    private static void ReadTools(JsonElement root, Ask ask)
    {
        foreach (var tool in root.Items("tools"))
        {
            if (tool.Has("function", out var function) && function.Text("name") is { } name)
                ask.AddTool(name, function.Has("parameters", out var parameters) ? parameters : null, function.Text("description"));
        }

        ask.Parallel = root.Flag("parallel_tool_calls") ?? true;
        if (!root.Has("tool_choice", out var choice))
            return;
        if (choice.ValueKind == JsonValueKind.String)
        {
            ask.Demand = choice.GetString() switch { "none" => ToolDemand.None, "required" => ToolDemand.Required, _ => ToolDemand.Auto };
        }
        else if (choice.Has("function", out var chosen))
        {
            (ask.Demand, ask.DemandedTool) = (ToolDemand.Required, chosen.Text("name"));
        }
        else if (choice.Has("allowed_tools", out var allowed))
        {
            ask.Demand = allowed.Text("mode") == "required" ? ToolDemand.Required : ToolDemand.Auto;
            ask.AllowedTools = [.. allowed.Items("tools").Select(tool => tool.Has("function", out var function) ? function.Text("name")! : "")];
        }
    }

    private static ProviderError? ReadMessage(JsonElement message, string? role, int index, Ask ask, ToolHistory history)
    {
        switch (role)
        {
            case "system" or "developer":
                var system = PromptContent.Read(message, "content", ask, null);
                ask.System = ask.System is null ? system : ask.System + "\n" + system;
                return null;
            case "user":
                ask.NewUserTurn();
                ask.AddUserText(PromptContent.Read(message, "content", ask, MediaOf));
                return null;
            case "assistant":
                ask.Results.Clear();
                PromptContent.Read(message, "content", ask, null);
                ask.Prompt.Add(message.Text("reasoning_content"));
                foreach (var call in message.Items("tool_calls"))
                {
                    if (!call.Has("function", out var function))
                        continue;
                    ask.Prompt.Add(function.Text("name"));
                    ask.Prompt.Add(function.Text("arguments"));
                }

                return null;
            case "tool":
                if (ask.Results.Count == 0)
                    ask.Media.Clear();
                ask.Results.Add(new ToolOutput(history.NameOf(message.Text("tool_call_id")), PromptContent.Read(message, "content", ask, MediaOf)));
                return null;
            default:
                return new ProviderError(400, "invalid_value", $"Invalid value: '{role}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.", $"messages[{index}].role");
        }
    }

    private static Media? MediaOf(JsonElement part)
    {
        if (part.Has("image_url", out var image))
            return Media.FromUrl("image", image.Text("url") ?? image.ToString());
        if (part.Has("input_audio", out var audio))
            return Media.FromBase64("audio", "audio/" + (audio.Text("format") ?? "wav"), audio.Text("data") ?? "");
        if (!part.Has("file", out var file))
            return null;
        return file.Text("file_data") is { } data ? Media.FromUrl("document", data) : new Media("document", null, null, file.Text("file_id"));
    }
}
