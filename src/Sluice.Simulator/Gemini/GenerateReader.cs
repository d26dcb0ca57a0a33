using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Gemini;

/// <summary>Reads a generation request; members may be in camel case or snake case, as the API takes both.</summary>
internal static class GenerateReader
{
    /// <summary>What is wrong with the request in the API's words, or null.</summary>
    public static string? Read(SimulatedCall call, JsonElement root, Ask ask)
    {
        ask.Model = call.Model!;
        var contents = root.Items("contents").ToList();
        if (root.Has("contents", out var single) && single.ValueKind == JsonValueKind.Object)
            contents.Add(single);
        if (contents.Count == 0)
            return "* GenerateContentRequest.contents: contents is not specified\n";
        if (root.Has("systemInstruction", "system_instruction", out var system))
        {
            ask.System = string.Join("\n", system.Items("parts").Select(part => part.Text("text") ?? ""));
            ask.Prompt.Add(ask.System);
        }

        ReadTools(root, ask);
        ReadSettings(call, root, ask);
        foreach (var content in contents)
        {
            if (content.Text("role") is not (null or "user" or "model" or "function"))
                return "Please use a valid role: user, model.";
            if (!content.Items("parts").MoveNext())
                return $"* GenerateContentRequest.contents[{contents.IndexOf(content)}].parts: contents.parts must not be empty.\n";
            ReadContent(content, ask);
        }

        call.UserText = ask.UserText;
        return GenerateRules.Check(call, contents);
    }

    private static void ReadSettings(SimulatedCall call, JsonElement root, Ask ask)
    {
        ask.Thinks = GenerateRules.IsSigned(call) || ask.Model.Contains("gemini-3", StringComparison.Ordinal);
        if (!root.Has("generationConfig", "generation_config", out var config))
            return;
        ask.MaxTokens = config.Number("maxOutputTokens") ?? config.Number("max_output_tokens");
        ask.Count = Math.Clamp(config.Number("candidateCount") ?? config.Number("candidate_count") ?? 1, 1, 8);
        if (config.Has("stopSequences", "stop_sequences", out var stops))
            ask.Stops.AddRange(stops.Items().Select(stop => stop.GetString() ?? ""));
        ask.WantsJson = (config.Text("responseMimeType") ?? config.Text("response_mime_type")) == "application/json";
        if (config.Has("responseJsonSchema", "response_json_schema", out var schema) || config.Has("responseSchema", "response_schema", out schema))
            ask.Schema = schema;
        if (config.Has("thinkingConfig", "thinking_config", out var thinking))
            ask.Thinks = (thinking.Number("thinkingBudget") ?? thinking.Number("thinking_budget")) != 0;
    }

    private static void ReadTools(JsonElement root, Ask ask)
    {
        foreach (var tool in root.Items("tools"))
        {
            if (!tool.Has("functionDeclarations", "function_declarations", out var declarations))
                continue;
            foreach (var function in declarations.Items())
            {
                JsonElement? schema = function.Has("parametersJsonSchema", "parameters_json_schema", out var json) ? json
                    : function.Has("parameters", out var parameters) ? parameters : null;
                ask.AddTool(function.Text("name") ?? "", schema, function.Text("description"));
            }
        }

        if (!root.Has("toolConfig", "tool_config", out var config) || !config.Has("functionCallingConfig", "function_calling_config", out var calling))
            return;
        ask.Demand = calling.Text("mode") switch { "NONE" => ToolDemand.None, "ANY" => ToolDemand.Required, _ => ToolDemand.Auto };
        if (calling.Has("allowedFunctionNames", "allowed_function_names", out var allowed) && allowed.GetArrayLength() > 0)
            ask.AllowedTools = [.. allowed.Items().Select(name => name.GetString() ?? "")];
    }

    private static void ReadContent(JsonElement content, Ask ask)
    {
        var model = content.Text("role") == "model";
        if (model)
            ask.Results.Clear();
        else
            ask.NewUserTurn();
        foreach (var part in content.Items("parts"))
        {
            if (part.Text("text") is { } text)
            {
                ask.Prompt.Add(text);
                if (!model)
                    ask.AddUserText(text);
            }
            else if (part.Has("functionCall", "function_call", out var use))
            {
                ask.Prompt.Add(use.Text("name"));
                if (use.Has("args", out var arguments))
                    ask.Prompt.Add(arguments.GetRawText());
            }
            else if (part.Has("functionResponse", "function_response", out var result))
            {
                ask.Results.Add(new ToolOutput(result.Text("name"), ReadResult(result, ask)));
            }
            else if (MediaOf(part) is { } media && !model)
            {
                ask.AddMedia(media);
            }
        }
    }

    private static string ReadResult(JsonElement result, Ask ask)
    {
        foreach (var part in result.Items("parts"))
        {
            if (MediaOf(part) is { } media)
                ask.AddMedia(media);
        }

        if (!result.Has("response", out var response))
            return "";
        ask.Prompt.Add(response.GetRawText());
        if (response.ValueKind == JsonValueKind.Object)
        {
            // Clients wrap a plain value into an object with one member, under various names.
            var members = response.EnumerateObject().ToList();
            if (members.Count == 1 && members[0].Value.ValueKind == JsonValueKind.String)
                return members[0].Value.GetString()!;
        }

        return response.GetRawText();
    }

    private static Media? MediaOf(JsonElement part)
    {
        if (part.Has("inlineData", "inline_data", out var data))
        {
            var type = data.Text("mimeType") ?? data.Text("mime_type");
            return Media.FromBase64(KindOf(type), type, data.Text("data") ?? "");
        }

        if (!part.Has("fileData", "file_data", out var file))
            return null;
        var fileType = file.Text("mimeType") ?? file.Text("mime_type");
        return new Media(KindOf(fileType), fileType, null, file.Text("fileUri") ?? file.Text("file_uri"));
    }

    private static string KindOf(string? type) => type?.Split('/')[0] switch { "image" => "image", "audio" => "audio", "video" => "video", _ => "document" };
}
