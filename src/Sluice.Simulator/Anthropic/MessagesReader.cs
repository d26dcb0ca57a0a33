using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Anthropic;

/// <summary>Reads a messages request: tools, system, messages, which is also the order of the prompt that is cached.</summary>
internal static class MessagesReader
{
    /// <summary>What is wrong with the request in the API's words, or null.</summary>
    public static string? Read(SimulatedCall call, JsonElement root, Ask ask, bool needsMaxTokens)
    {
        ask.Model = call.Model!;
        ask.MaxTokens = root.Number("max_tokens");
        if (needsMaxTokens && ask.MaxTokens is null)
            return "max_tokens: Field required";
        if (needsMaxTokens && ask.MaxTokens < 1)
            return "max_tokens: Input should be greater than or equal to 1";
        if (!root.Has("messages", out var messages) || messages.ValueKind != JsonValueKind.Array)
            return "messages: Field required";
        if (messages.GetArrayLength() == 0)
            return "messages: at least one message is required";
        if (ReadSettings(root, ask) is { } problem)
            return problem;
        ReadTools(root, ask);
        if (root.Has("system", out var system))
            ask.System = ReadSystem(system, ask);
        var rules = new MessagesRules(call, root, messages);
        if (rules.Check() is { } broken)
            return broken;
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var message in messages.EnumerateArray())
            ReadMessage(message, ask, names);
        if (root.Has("cache_control", out var whole))
            Mark(ask, whole);
        call.UserText = ask.UserText;
        return null;
    }

    private static string? ReadSettings(JsonElement root, Ask ask)
    {
        foreach (var stop in root.Items("stop_sequences"))
            ask.Stops.Add(stop.GetString() ?? "");
        if (root.Real("temperature") is < 0 or > 1)
            return "temperature: range: 0..1";
        if (root.Has("thinking", out var thinking) && thinking.Text("type") is "enabled" or "adaptive")
        {
            ask.Thinks = true;
            if (thinking.Text("type") == "enabled")
            {
                if (thinking.Number("budget_tokens") is not { } budget)
                    return "thinking.enabled.budget_tokens: Field required";
                if (budget < 1024)
                    return "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024";
                if (ask.MaxTokens <= budget)
                    return "`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size";
            }

            if (root.Real("temperature") is { } temperature && temperature != 1)
                return "`temperature` may only be set to 1 when thinking is enabled. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking";
            if (thinking.Text("type") == "enabled" && root.Has("tool_choice", out var forced) && forced.Text("type") is "any" or "tool")
                return "Thinking may not be enabled when tool_choice forces tool use.";
        }

        var format = root.Has("output_config", out var output) && output.Has("format", out var inner) ? inner : root.Has("output_format", out var older) ? older : default;
        if (format.Text("type") == "json_schema")
        {
            ask.WantsJson = true;
            ask.Schema = format.Has("schema", out var schema) ? schema : null;
        }

        return null;
    }

    private static void ReadTools(JsonElement root, Ask ask)
    {
        foreach (var tool in root.Items("tools"))
        {
            // Tools that the vendor runs itself have a dated type and no schema: this simulator has none of them.
            if (tool.Text("name") is { } name && tool.Text("type") is null or "custom")
                ask.AddTool(name!, tool.Has("input_schema", out var schema) ? schema : null, tool.Text("description"));
            if (tool.Has("cache_control", out var control))
                Mark(ask, control);
        }

        if (!root.Has("tool_choice", out var choice))
            return;
        ask.Demand = choice.Text("type") switch { "none" => ToolDemand.None, "any" or "tool" => ToolDemand.Required, _ => ToolDemand.Auto };
        ask.DemandedTool = choice.Text("type") == "tool" ? choice.Text("name") : null;
        ask.Parallel = choice.Flag("disable_parallel_tool_use") != true;
    }

    private static string ReadSystem(JsonElement system, Ask ask)
    {
        if (system.ValueKind == JsonValueKind.String)
        {
            ask.Prompt.Add(system.GetString());
            return system.GetString()!;
        }

        var text = "";
        foreach (var block in system.Items())
        {
            var piece = block.Text("text") ?? "";
            ask.Prompt.Add(piece);
            text = text.Length == 0 ? piece : text + "\n" + piece;
            if (block.Has("cache_control", out var control))
                Mark(ask, control);
        }

        return text;
    }

    private static void ReadMessage(JsonElement message, Ask ask, Dictionary<string, string> names)
    {
        var role = message.Text("role");
        if (!message.Has("content", out var content))
            return;
        if (role == "user")
            ask.NewUserTurn();
        else
            ask.Results.Clear();
        if (content.ValueKind == JsonValueKind.String)
        {
            ask.Prompt.Add(content.GetString());
            if (role == "user")
                ask.AddUserText(content.GetString()!);
            else if (role == "system")
                ask.System = string.IsNullOrEmpty(ask.System) ? content.GetString() : ask.System + "\n" + content.GetString();
            return;
        }

        foreach (var block in content.Items())
        {
            switch (block.Text("type"))
            {
                case "text":
                    ask.Prompt.Add(block.Text("text"));
                    if (role == "user")
                        ask.AddUserText(block.Text("text") ?? "");
                    else if (role == "system")
                        ask.System = string.IsNullOrEmpty(ask.System) ? block.Text("text") : ask.System + "\n" + block.Text("text");
                    break;
                case "image" or "document":
                    if (MediaOf(block) is { } media)
                        ask.AddMedia(media);
                    break;
                case "thinking":
                    ask.Prompt.Add(block.Text("thinking"));
                    break;
                case "tool_use":
                    names[block.Text("id") ?? ""] = block.Text("name") ?? "";
                    ask.Prompt.Add(block.Text("name"));
                    if (block.Has("input", out var input))
                        ask.Prompt.Add(input.GetRawText());
                    break;
                case "tool_result":
                    ask.Results.Add(new ToolOutput(names.GetValueOrDefault(block.Text("tool_use_id") ?? ""), PromptContent.Read(block, "content", ask, MediaOf), block.Flag("is_error") == true));
                    break;
            }

            if (block.Has("cache_control", out var control))
                Mark(ask, control);
        }
    }

    private static Media? MediaOf(JsonElement block)
    {
        var kind = block.Text("type") ?? "";
        if (kind is not ("image" or "document") || !block.Has("source", out var source))
            return null;
        return source.Text("type") switch
        {
            "base64" => Media.FromBase64(kind, source.Text("media_type"), source.Text("data") ?? ""),
            "text" => new Media(kind, source.Text("media_type") ?? "text/plain", System.Text.Encoding.UTF8.GetByteCount(source.Text("data") ?? ""), null),
            "url" => new Media(kind, null, null, source.Text("url")),
            "file" => new Media(kind, null, null, source.Text("file_id")),
            _ => new Media(kind, "content", source.GetRawText().Length, null),
        };
    }

    private static void Mark(Ask ask, JsonElement control) => ask.Prompt.Mark(control.Text("ttl") == "1h");
}
