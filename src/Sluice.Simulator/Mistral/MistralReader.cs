using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Mistral;

/// <summary>Reads a chat request, and refuses what the API refuses in a conversation: above all ids of tool calls that are not nine letters and digits.</summary>
internal static class MistralReader
{
    public static ProviderError? Read(SimulatedCall call, JsonElement root, Ask ask)
    {
        ask.Model = call.Model!;
        if (!root.Has("messages", out var messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
            return new ProviderError(422, "messages", "Input should not be empty");
        ReadSettings(root, ask);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var (calls, results, lastRole, prefix) = (0, 0, "", false);
        foreach (var message in messages.EnumerateArray())
        {
            var role = message.Text("role") ?? "";
            if (role != "tool" && calls != results)
                return new ProviderError(400, "invalid_request_message_order", "Not the same number of function calls and responses");
            switch (role)
            {
                case "system":
                    var system = PromptContent.Read(message, "content", ask, null);
                    ask.System = ask.System is null ? system : ask.System + "\n" + system;
                    break;
                case "user":
                    ask.NewUserTurn();
                    ask.AddUserText(PromptContent.Read(message, "content", ask, MediaOf));
                    break;
                case "assistant":
                    ask.Results.Clear();
                    PromptContent.Read(message, "content", ask, null);
                    prefix = message.Flag("prefix") == true;
                    (calls, results) = (0, 0);
                    foreach (var use in message.Items("tool_calls"))
                    {
                        var id = use.Text("id") ?? "null";
                        if (id.Length != 9 || !id.All(char.IsAsciiLetterOrDigit))
                            return new ProviderError(400, "invalid_function_call", $"Tool call id was {id} but must be a-z, A-Z, 0-9, with a length of 9.");
                        use.Has("function", out var function);
                        names[id] = function.Text("name") ?? "";
                        ask.Prompt.Add(names[id]);
                        if (function.Has("arguments", out var arguments))
                            ask.Prompt.Add(arguments.ToString());
                        calls++;
                    }

                    break;
                case "tool":
                    if (message.Text("tool_call_id") is not { } answered || !names.TryGetValue(answered, out var name))
                        return new ProviderError(400, "invalid_function_call", $"Unexpected tool call id {message.Text("tool_call_id")} in tool results");
                    ask.Results.Add(new ToolOutput(name, PromptContent.Read(message, "content", ask, MediaOf)));
                    results++;
                    break;
                default:
                    return new ProviderError(422, "role", "Input should be 'system', 'user', 'assistant' or 'tool'");
            }

            lastRole = role;
        }

        call.UserText = ask.UserText;
        if (calls != results)
            return new ProviderError(400, "invalid_request_message_order", "Not the same number of function calls and responses");
        return lastRole is "assistant" && !prefix
            ? new ProviderError(400, "invalid_request_message_order", "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant")
            : null;
    }

    private static void ReadSettings(JsonElement root, Ask ask)
    {
        ask.MaxTokens = root.Number("max_tokens");
        ask.Count = Math.Clamp(root.Number("n") ?? 1, 1, 64);
        ask.Parallel = root.Flag("parallel_tool_calls") ?? true;
        ask.Thinks = root.Text("reasoning_effort") is not (null or "none") || root.Text("prompt_mode") == "reasoning" || ask.Model.Contains("magistral", StringComparison.Ordinal);
        if (root.Has("stop", out var stop))
            ask.Stops.AddRange(stop.ValueKind == JsonValueKind.String ? [stop.GetString()!] : stop.Items().Select(item => item.GetString() ?? ""));
        if (root.Has("response_format", out var format))
        {
            ask.WantsJson = format.Text("type") is "json_object" or "json_schema";
            if (format.Has("json_schema", out var wrapper) && wrapper.Has("schema", "schema_definition", out var schema))
                ask.Schema = schema;
        }

        foreach (var tool in root.Items("tools"))
        {
            if (tool.Has("function", out var function))
                ask.AddTool(function.Text("name") ?? "", function.Has("parameters", out var parameters) ? parameters : null, function.Text("description"));
        }

        if (!root.Has("tool_choice", out var choice))
            return;
        if (choice.ValueKind == JsonValueKind.String)
            ask.Demand = choice.GetString() switch { "none" => ToolDemand.None, "any" or "required" => ToolDemand.Required, _ => ToolDemand.Auto };
        else if (choice.Has("function", out var chosen))
            (ask.Demand, ask.DemandedTool) = (ToolDemand.Required, chosen.Text("name"));
    }

    private static Media? MediaOf(JsonElement part)
    {
        if (part.Has("image_url", out var image))
            return Media.FromUrl("image", image.ValueKind == JsonValueKind.String ? image.GetString()! : image.Text("url") ?? "");
        if (part.Text("document_url") is { } document)
            return Media.FromUrl("document", document);
        return part.Has("input_audio", out var audio)
            ? Media.FromBase64("audio", "audio", audio.ValueKind == JsonValueKind.String ? audio.GetString()! : audio.Text("data") ?? "")
            : null;
    }
}
