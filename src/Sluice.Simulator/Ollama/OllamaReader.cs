using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Ollama;

/// <summary>Reads a chat or a generate request.</summary>
internal static class OllamaReader
{
    public static void Read(JsonElement root, Ask ask, bool chat)
    {
        ask.Thinks = root.Has("think", out var think) && think.ValueKind is JsonValueKind.True or JsonValueKind.String;
        if (root.Has("format", out var format))
        {
            ask.WantsJson = format.ValueKind == JsonValueKind.Object || (format.ValueKind == JsonValueKind.String && format.GetString()!.Length > 0);
            ask.Schema = format.ValueKind == JsonValueKind.Object ? format : null;
        }

        if (root.Has("options", out var options))
        {
            ask.MaxTokens = options.Number("num_predict") is { } limit and > 0 ? limit : null;
            if (options.Has("stop", out var stop))
                ask.Stops.AddRange(stop.ValueKind == JsonValueKind.String ? [stop.GetString()!] : stop.Items().Select(item => item.GetString() ?? ""));
        }

        foreach (var tool in root.Items("tools"))
        {
            if (tool.Has("function", out var function))
                ask.AddTool(function.Text("name") ?? "", function.Has("parameters", out var parameters) ? parameters : null, function.Text("description"));
        }

        if (chat)
        {
            ReadMessages(root, ask);
            return;
        }

        ask.System = root.Text("system");
        ask.Prompt.Add(ask.System);
        ask.UserText = root.Text("prompt") ?? "";
        ask.Prompt.Add(ask.UserText);
        ReadImages(root, ask);
    }

    private static void ReadMessages(JsonElement root, Ask ask)
    {
        string? lastCalled = null;
        foreach (var message in root.Items("messages"))
        {
            var content = message.Text("content") ?? "";
            ask.Prompt.Add(content);
            switch (message.Text("role"))
            {
                case "system":
                    ask.System = ask.System is null ? content : ask.System + "\n" + content;
                    break;
                case "user":
                    ask.NewUserTurn();
                    ask.AddUserText(content);
                    ReadImages(message, ask);
                    break;
                case "tool":
                    if (ask.Results.Count == 0)
                        ask.Media.Clear();
                    ask.Results.Add(new ToolOutput(message.Text("tool_name") ?? message.Text("name") ?? lastCalled, content));
                    ReadImages(message, ask);
                    break;
                case "assistant":
                    ask.Results.Clear();
                    ask.Prompt.Add(message.Text("thinking"));
                    foreach (var call in message.Items("tool_calls"))
                    {
                        if (!call.Has("function", out var function))
                            continue;
                        lastCalled = function.Text("name");
                        ask.Prompt.Add(lastCalled);
                        if (function.Has("arguments", out var arguments))
                            ask.Prompt.Add(arguments.GetRawText());
                    }

                    break;
            }
        }
    }

    private static void ReadImages(JsonElement holder, Ask ask)
    {
        foreach (var image in holder.Items("images"))
            ask.AddMedia(Media.FromBase64("image", TypeOf(image.GetString() ?? ""), image.GetString() ?? ""));
    }

    /// <summary>Images come without a type: it shows in their first bytes.</summary>
    private static string TypeOf(string base64) => base64 switch
    {
        ['i', 'V', 'B', 'O', ..] => "image/png",
        ['/', '9', 'j', ..] => "image/jpeg",
        ['R', '0', 'l', ..] => "image/gif",
        ['U', 'k', 'l', ..] => "image/webp",
        _ => "image",
    };
}
