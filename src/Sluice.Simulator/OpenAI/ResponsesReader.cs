using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.OpenAI;

/// <summary>Reads a Responses request with the conversation that it continues.</summary>
internal static class ResponsesReader
{
    public static ProviderError? Read(SimulatedCall call, JsonElement root, ResponseStore store, Ask ask, List<JsonElement> conversation)
    {
        ask.Model = call.Model!;
        if (root.Text("previous_response_id") is { } previous)
        {
            if (store.Conversation(previous) is not { } earlier)
                return new ProviderError(400, "previous_response_not_found", $"Previous response with id '{previous}' not found.", "previous_response_id");
            conversation.AddRange(earlier);
        }

        if (!root.Has("input", out var input))
        {
            if (conversation.Count == 0)
                return new ProviderError(400, "missing_required_parameter", "Missing required parameter: 'input'.", "input");
        }
        else if (input.ValueKind == JsonValueKind.String)
        {
            conversation.Add(ResponseStore.UserMessage(input.GetString()!));
        }
        else
        {
            conversation.AddRange(input.Items());
        }

        ask.System = root.Text("instructions");
        ask.Prompt.Add(ask.System);
        ReadSettings(root, ask);
        foreach (var item in conversation)
            ReadItem(item, ask, conversation);
        call.UserText = ask.UserText;
        return ResponsesRules.Check(call, conversation, store);
    }

    private static void ReadSettings(JsonElement root, Ask ask)
    {
        ask.MaxTokens = root.Number("max_output_tokens");
        ask.Parallel = root.Flag("parallel_tool_calls") ?? true;
        var reasons = root.Has("reasoning", out var reasoning) && reasoning.Text("effort") != "none" && (reasoning.Has("effort", out _) || reasoning.Has("summary", out _));
        var asksForPayload = root.Items("include").Any(item => item.ValueEquals("reasoning.encrypted_content"));
        ask.Thinks = reasons || asksForPayload || ChatReader.IsReasoner(ask.Model) || ask.Model.Contains("signed", StringComparison.OrdinalIgnoreCase);
        if (root.Has("text", out var text) && text.Has("format", out var format))
        {
            ask.WantsJson = format.Text("type") is "json_object" or "json_schema";
            ask.Schema = format.Has("schema", out var schema) ? schema : null;
        }

        foreach (var tool in root.Items("tools"))
        {
            if (tool.Text("type") == "function" && tool.Text("name") is { } name)
                ask.AddTool(name, tool.Has("parameters", out var parameters) ? parameters : null, tool.Text("description"));
        }

        if (!root.Has("tool_choice", out var choice))
            return;
        if (choice.ValueKind == JsonValueKind.String)
        {
            ask.Demand = choice.GetString() switch { "none" => ToolDemand.None, "required" => ToolDemand.Required, _ => ToolDemand.Auto };
        }
        else if (choice.Text("type") == "function")
        {
            (ask.Demand, ask.DemandedTool) = (ToolDemand.Required, choice.Text("name"));
        }
        else if (choice.Text("type") == "allowed_tools")
        {
            ask.Demand = choice.Text("mode") == "required" ? ToolDemand.Required : ToolDemand.Auto;
            ask.AllowedTools = [.. choice.Items("tools").Select(tool => tool.Text("name") ?? "")];
        }
    }

    private static void ReadItem(JsonElement item, Ask ask, List<JsonElement> conversation)
    {
        switch (item.Text("type") ?? "message")
        {
            case "message":
                ReadMessage(item, ask);
                break;
            case "function_call":
                ask.Results.Clear();
                ask.Prompt.Add(item.Text("name"));
                ask.Prompt.Add(item.Text("arguments"));
                break;
            case "function_call_output":
                if (ask.Results.Count == 0)
                    ask.Media.Clear();
                var id = item.Text("call_id");
                var called = conversation.Find(other => other.Text("type") == "function_call" && other.Text("call_id") == id);
                ask.Results.Add(new ToolOutput(called.Text("name"), PromptContent.Read(item, "output", ask, MediaOf)));
                break;
            case "reasoning":
                foreach (var part in item.Items("summary"))
                    ask.Prompt.Add(part.Text("text"));
                break;
        }
    }

    private static void ReadMessage(JsonElement item, Ask ask)
    {
        var role = item.Text("role");
        if (role == "user")
        {
            ask.NewUserTurn();
            ask.AddUserText(PromptContent.Read(item, "content", ask, MediaOf));
            return;
        }

        var text = PromptContent.Read(item, "content", ask, null);
        if (role is "system" or "developer")
            ask.System = string.IsNullOrEmpty(ask.System) ? text : ask.System + "\n" + text;
    }

    private static Media? MediaOf(JsonElement part) => part.Text("type") switch
    {
        "input_image" => Media.FromUrl("image", part.Text("image_url") ?? part.Text("file_id") ?? ""),
        "input_file" => Media.FromUrl("document", part.Text("file_data") ?? part.Text("file_url") ?? part.Text("file_id") ?? ""),
        "input_audio" when part.Has("input_audio", out var audio) => Media.FromBase64("audio", "audio/" + (audio.Text("format") ?? "wav"), audio.Text("data") ?? ""),
        _ => null,
    };
}
