using System.Text.Json;

namespace Sluice.Formats.Tests.Fidelity;

/// <summary>Reads request bodies of each format into <see cref="PlainRequest"/>, by the vendors' API references and with none of the codecs.</summary>
internal static class PlainReaders
{
    public static PlainRequest Read(string format, JsonElement body)
    {
        var request = new PlainRequest();
        switch (format)
        {
            case "anthropic-messages" or "bedrock-invoke-anthropic": Anthropic(body, request); break;
            case "gemini-generate": Gemini(body, request); break;
            case "openai-responses": Responses(body, request); break;
            case "ollama-chat": Ollama(body, request); break;
            case "bedrock-converse": Bedrock(body, request); break;
            default: Chat(body, request); break;
        }
        return request;
    }

    // Chat Completions, Mistral's and Cohere's alike: the names that differ are looked for under each.
    private static void Chat(JsonElement body, PlainRequest request)
    {
        foreach (var message in body.List("messages")) ChatMessage(message, request);
        foreach (var tool in body.List("tools"))
        {
            if (tool.Str("type") is "function") request.Tool(tool.Str("function", "name"), tool.At("function", "parameters"));
            else request.Say("provider's tools", tool.Str("type"));
        }
        if (body.At("web_search_options").Is()) request.Say("provider's tools", "web_search");
        var choice = body.At("tool_choice");
        Choice(request, choice.ValueKind == JsonValueKind.String ? choice.GetString()! : choice.Str("type") is "function" ? "tool " + choice.Str("function", "name") : choice.Str("type"));
        if (body.At("parallel_tool_calls").ValueKind == JsonValueKind.False) request.Say("one call at a time", "yes");
        Numbers(body, request, ("max tokens", ["max_completion_tokens", "max_tokens"]), ("temperature", ["temperature"]), ("top_p", ["top_p", "p"]), ("top_k", ["top_k", "k"]), ("seed", ["seed", "random_seed"]), ("penalties", ["presence_penalty"]), ("penalties", ["frequency_penalty"]));
        request.Stop(body.Any("stop", "stop_sequences"));
        var format = body.At("response_format");
        request.Schema(format.At("json_schema", "schema") is { } schema && schema.Is() ? schema : format.Any("json_schema", "schema"));
        Wanted(request, body.Str("reasoning_effort") is { Length: > 0 } effort ? effort != "none" : body.Str("thinking", "type") is { Length: > 0 } thinking ? thinking != "disabled" : null);
        if (body.At("reasoning") is { ValueKind: JsonValueKind.Object } reasoning) Wanted(request, reasoning.Str("effort") is { Length: > 0 } e ? e != "none" : reasoning.At("enabled").ValueKind == JsonValueKind.True ? true : null);
    }

    private static void ChatMessage(JsonElement message, PlainRequest request)
    {
        string role = message.Str("role");
        var content = message.At("content");
        var parts = content.ValueKind == JsonValueKind.Array ? content.EnumerateArray().ToList() : [];
        if (role is "tool" or "function")
        {
            request.Text("tool results", content.ValueKind == JsonValueKind.String ? content.GetString()! : string.Concat(parts.Select(p => p.Str("text") is { Length: > 0 } t ? t : p.Str("document", "data"))));
            foreach (var part in parts) ChatMedia(part, request);
            return;
        }
        string feature = role is "system" or "developer" ? "system prompt" : "text";
        if (content.ValueKind == JsonValueKind.String) request.Text(feature, content.GetString()!);
        foreach (var part in parts)
        {
            request.Text(feature, part.Str("text"));
            if (part.Str("type") == "thinking") request.Say("earlier reasoning", "yes");
            ChatMedia(part, request);
        }
        // Cohere's place for what is said before calls.
        request.Text(feature, message.Str("tool_plan"));
        if (message.Any("reasoning_content", "reasoning", "reasoning_details").Is()) request.Say("earlier reasoning", "yes");
        foreach (var call in message.List("tool_calls")) request.Call(call.Str("function", "name"), call.Str("function", "arguments"));
    }

    private static void ChatMedia(JsonElement part, PlainRequest request)
    {
        switch (part.Str("type"))
        {
            case "image_url": request.Media("image", "", part.At("image_url").ValueKind == JsonValueKind.String ? part.Str("image_url") : part.Str("image_url", "url")); break;
            case "document_url": request.Media("document", "", part.Str("document_url")); break;
            case "input_audio": request.Media("audio", part.At("input_audio").ValueKind == JsonValueKind.String ? part.Str("input_audio") : part.Str("input_audio", "data"), ""); break;
            case "video_url": request.Media("video", "", part.Str("video_url", "url")); break;
            case "file": request.Media("document", part.Str("file", "file_data"), part.Str("file", "file_id")); break;
            default: break;
        }
    }

    private static void Responses(JsonElement body, PlainRequest request)
    {
        request.Text("system prompt", body.Str("instructions"));
        if (body.At("input").ValueKind == JsonValueKind.String) request.Text("text", body.Str("input"));
        foreach (var item in body.List("input")) ResponsesItem(item, request);
        foreach (var tool in body.List("tools"))
        {
            if (tool.Str("type") == "function") request.Tool(tool.Str("name"), tool.At("parameters"));
            else request.Say("provider's tools", tool.Str("type"));
        }
        var choice = body.At("tool_choice");
        Choice(request, choice.ValueKind == JsonValueKind.String ? choice.GetString()! : choice.Str("type") is "function" ? "tool " + choice.Str("name") : choice.Str("type"));
        if (body.At("parallel_tool_calls").ValueKind == JsonValueKind.False) request.Say("one call at a time", "yes");
        Numbers(body, request, ("max tokens", ["max_output_tokens"]), ("temperature", ["temperature"]), ("top_p", ["top_p"]));
        request.Schema(body.At("text", "format", "schema"));
        Wanted(request, body.Str("reasoning", "effort") is { Length: > 0 } effort ? effort != "none" : null);
    }

    private static void ResponsesItem(JsonElement item, PlainRequest request)
    {
        string type = item.Str("type") is { Length: > 0 } named ? named : "message";
        switch (type)
        {
            case "message":
                string feature = item.Str("role") is "system" or "developer" ? "system prompt" : "text";
                request.Text(feature, item.Str("content"));
                foreach (var part in item.List("content")) ResponsesPart(part, feature, request);
                break;
            case "function_call": request.Call(item.Str("name"), item.Str("arguments")); break;
            case "function_call_output":
                request.Text("tool results", item.Str("output"));
                foreach (var part in item.List("output")) ResponsesPart(part, "tool results", request);
                break;
            case "reasoning": request.Say("earlier reasoning", "yes"); break;
            default: request.Say("provider's tool history", type); break;
        }
    }

    private static void ResponsesPart(JsonElement part, string feature, PlainRequest request)
    {
        request.Text(feature, part.Str("text") + part.Str("refusal"));
        if (part.Str("type") == "input_image") request.Media("image", "", part.Str("image_url") + part.Str("file_id"));
        if (part.Str("type") == "input_audio") request.Media("audio", part.Str("input_audio", "data"), "");
        if (part.Str("type") == "input_file") request.Media("document", part.Str("file_data"), part.Str("file_url") + part.Str("file_id"));
    }

    private static void Anthropic(JsonElement body, PlainRequest request)
    {
        request.Text("system prompt", body.Str("system"));
        foreach (var block in body.List("system")) request.Text("system prompt", block.Str("text"));
        foreach (var message in body.List("messages"))
        {
            string feature = message.Str("role") == "system" ? "system prompt" : "text";
            request.Text(feature, message.Str("content"));
            foreach (var block in message.List("content")) AnthropicBlock(block, feature, request);
        }
        foreach (var tool in body.List("tools"))
        {
            if (tool.Str("type") is "" or "custom") request.Tool(tool.Str("name"), tool.At("input_schema"));
            else request.Say("provider's tools", tool.Str("type"));
        }
        Choice(request, body.Str("tool_choice", "type") switch { "any" => "required", "tool" => "tool " + body.Str("tool_choice", "name"), var mode => mode });
        if (body.At("tool_choice", "disable_parallel_tool_use").ValueKind == JsonValueKind.True) request.Say("one call at a time", "yes");
        Numbers(body, request, ("max tokens", ["max_tokens"]), ("temperature", ["temperature"]), ("top_p", ["top_p"]), ("top_k", ["top_k"]));
        request.Stop(body.At("stop_sequences"));
        request.Schema(body.At("output_config", "format", "schema") is { } schema && schema.Is() ? schema : body.At("output_format", "schema"));
        Wanted(request, body.Str("thinking", "type") is { Length: > 0 } thinking ? thinking != "disabled" : body.Str("output_config", "effort").Length > 0 ? true : null);
    }

    private static void AnthropicBlock(JsonElement block, string feature, PlainRequest request)
    {
        switch (block.Str("type"))
        {
            case "text": request.Text(feature, block.Str("text")); break;
            case "image" or "document":
                if (block.Str("source", "type") == "text") request.Media("document", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(block.Str("source", "data"))), "");
                else request.Media(block.Str("type"), block.Str("source", "data"), block.Str("source", "url") + block.Str("source", "file_id"), block.Str("source", "media_type"));
                break;
            case "tool_use": request.Call(block.Str("name"), block.At("input").GetRawText()); break;
            case "tool_result":
                request.Text("tool results", block.Str("content"));
                foreach (var part in block.List("content")) AnthropicBlock(part, "tool results", request);
                break;
            case "thinking" or "redacted_thinking": request.Say("earlier reasoning", "yes"); break;
            default: request.Say("provider's tool history", block.Str("type")); break;
        }
    }

    private static void Gemini(JsonElement body, PlainRequest request)
    {
        foreach (var part in body.Any("systemInstruction", "system_instruction").List("parts")) request.Text("system prompt", part.Str("text"));
        foreach (var part in body.List("contents").SelectMany(c => c.List("parts"))) GeminiPart(part, request);
        foreach (var tool in body.List("tools"))
        {
            foreach (var function in tool.Any("functionDeclarations", "function_declarations") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [])
            {
                request.Tool(function.Str("name"), function.Any("parametersJsonSchema", "parameters_json_schema", "parameters"));
            }
            foreach (var member in tool.EnumerateObject().Where(m => m.Name is not ("functionDeclarations" or "function_declarations"))) request.Say("provider's tools", member.Name);
        }
        var calling = body.Any("toolConfig", "tool_config").Any("functionCallingConfig", "function_calling_config");
        var allowed = calling.Any("allowedFunctionNames", "allowed_function_names") is { ValueKind: JsonValueKind.Array } names ? names.EnumerateArray().Select(n => n.GetString()!).ToList() : [];
        Choice(request, calling.Str("mode") switch { "ANY" => allowed.Count == 1 ? "tool " + allowed[0] : allowed.Count > 1 ? "allowed" : "required", "NONE" => "none", "" => "", _ => "auto" });
        var config = body.Any("generationConfig", "generation_config");
        Numbers(config, request, ("max tokens", ["maxOutputTokens", "max_output_tokens"]), ("temperature", ["temperature"]), ("top_p", ["topP", "top_p"]), ("top_k", ["topK", "top_k"]), ("seed", ["seed"]), ("penalties", ["presencePenalty", "presence_penalty"]), ("penalties", ["frequencyPenalty", "frequency_penalty"]));
        request.Stop(config.Any("stopSequences", "stop_sequences"));
        request.Schema(config.Any("responseJsonSchema", "response_json_schema", "responseSchema", "response_schema"));
        var thinking = config.Any("thinkingConfig", "thinking_config");
        Wanted(request, thinking.Any("thinkingBudget", "thinking_budget") is { ValueKind: JsonValueKind.Number } budget ? budget.GetInt32() != 0 : thinking.Any("thinkingLevel", "thinking_level").Is() ? true : null);
    }

    private static void GeminiPart(JsonElement part, PlainRequest request)
    {
        bool thought = part.At("thought").ValueKind == JsonValueKind.True;
        if (!thought) request.Text("text", part.Str("text"));
        if (thought || part.Any("thoughtSignature", "thought_signature").Is()) request.Say("earlier reasoning", "yes");
        if (part.Any("inlineData", "inline_data") is { ValueKind: JsonValueKind.Object } bytes) request.Media("document", bytes.Str("data").Replace('-', '+').Replace('_', '/'), "", bytes.Any("mimeType", "mime_type").GetString() ?? "");
        if (part.Any("fileData", "file_data") is { ValueKind: JsonValueKind.Object } file) request.Media("document", "", file.Any("fileUri", "file_uri").GetString() ?? "", file.Any("mimeType", "mime_type") is { ValueKind: JsonValueKind.String } type ? type.GetString()! : "");
        if (part.Any("functionCall", "function_call") is { ValueKind: JsonValueKind.Object } call) request.Call(call.Str("name"), call.At("args") is { ValueKind: JsonValueKind.Object } args ? args.GetRawText() : "{}");
        if (part.Any("functionResponse", "function_response") is { ValueKind: JsonValueKind.Object } result)
        {
            request.Text("tool results", Unwrapped(result.At("response")));
            foreach (var extra in result.List("parts")) GeminiPart(extra, request);
        }
        if (part.Any("executableCode", "codeExecutionResult", "executable_code", "code_execution_result", "toolCall", "toolResponse").Is()) request.Say("provider's tool history", "yes");
    }

    // Results are objects here; text and lists stand in one member of them.
    private static string Unwrapped(JsonElement response)
    {
        if (response.ValueKind != JsonValueKind.Object) return "";
        var members = response.EnumerateObject().ToList();
        if (members.Count != 1 || members[0].Name is not ("output" or "result" or "error" or "return_value" or "call_error")) return response.Canonical();
        return members[0].Value.ValueKind == JsonValueKind.String ? members[0].Value.GetString()! : members[0].Value.Canonical();
    }

    private static void Ollama(JsonElement body, PlainRequest request)
    {
        foreach (var message in body.List("messages"))
        {
            request.Text(message.Str("role") switch { "system" => "system prompt", "tool" => "tool results", _ => "text" }, message.Str("content"));
            if (message.Str("thinking").Length > 0) request.Say("earlier reasoning", "yes");
            foreach (var image in message.List("images")) request.Media("image", image.GetString()!, "");
            foreach (var call in message.List("tool_calls")) request.Call(call.Str("function", "name"), call.At("function", "arguments").GetRawText());
        }
        foreach (var tool in body.List("tools")) request.Tool(tool.Str("function", "name"), tool.At("function", "parameters"));
        Numbers(body.At("options"), request, ("max tokens", ["num_predict"]), ("temperature", ["temperature"]), ("top_p", ["top_p"]), ("top_k", ["top_k"]), ("seed", ["seed"]), ("penalties", ["presence_penalty"]), ("penalties", ["frequency_penalty"]));
        request.Stop(body.At("options", "stop"));
        if (body.At("format").ValueKind == JsonValueKind.Object) request.Schema(body.At("format"));
        Wanted(request, body.At("think").ValueKind switch { JsonValueKind.True or JsonValueKind.String => true, JsonValueKind.False => false, _ => null });
    }

    private static void Bedrock(JsonElement body, PlainRequest request)
    {
        foreach (var block in body.List("system")) request.Text("system prompt", block.Str("text"));
        foreach (var block in body.List("messages").SelectMany(m => m.List("content"))) BedrockBlock(block, "text", request);
        foreach (var tool in body.List("toolConfig", "tools"))
        {
            if (tool.At("toolSpec").Is()) request.Tool(tool.Str("toolSpec", "name"), tool.At("toolSpec", "inputSchema", "json"));
            else if (tool.At("systemTool").Is()) request.Say("provider's tools", tool.Str("systemTool", "name"));
        }
        var choice = body.At("toolConfig", "toolChoice");
        Choice(request, choice.At("any").Is() ? "required" : choice.At("tool").Is() ? "tool " + choice.Str("tool", "name") : choice.At("auto").Is() ? "auto" : "");
        Numbers(body.At("inferenceConfig"), request, ("max tokens", ["maxTokens"]), ("temperature", ["temperature"]), ("top_p", ["topP"]));
        request.Stop(body.At("inferenceConfig", "stopSequences"));
        var extra = body.At("additionalModelRequestFields");
        Numbers(extra, request, ("top_k", ["top_k"]));
        if (body.Str("outputConfig", "textFormat", "structure", "jsonSchema", "schema") is { Length: > 0 } schema) request.Schema(JsonDocument.Parse(schema).RootElement);
        Wanted(request, extra.Str("thinking", "type") is { Length: > 0 } type ? type != "disabled" : extra.Any("reasoning_effort", "reasoningConfig", "output_config").Is() ? true : null);
    }

    private static void BedrockBlock(JsonElement block, string feature, PlainRequest request)
    {
        request.Text(feature, block.Str("text"));
        if (block.At("json").Is()) request.Text(feature, block.At("json").Canonical());
        foreach (string kind in (string[])["image", "document", "audio", "video"])
        {
            if (block.At(kind, "source").Is()) request.Media(kind, block.Str(kind, "source", "bytes"), block.Str(kind, "source", "s3Location", "uri"));
        }
        if (block.At("toolUse").Is()) request.Call(block.Str("toolUse", "name"), block.At("toolUse", "input").GetRawText());
        foreach (var part in block.List("toolResult", "content")) BedrockBlock(part, "tool results", request);
        if (block.At("reasoningContent").Is()) request.Say("earlier reasoning", "yes");
    }

    private static void Choice(PlainRequest request, string mode)
    {
        // "Any" is Mistral's word, upper case Cohere's. What is the default anyway need not be said.
        mode = mode switch { "any" or "REQUIRED" => "required", "NONE" => "none", "allowed_tools" => "allowed", _ => mode };
        if (mode is not ("auto" or "")) request.Say("tool choice", mode);
    }

    private static void Wanted(PlainRequest request, bool? wanted)
    {
        if (wanted is { } yes) request.Say("reasoning wanted", yes ? "yes" : "no");
    }

    private static void Numbers(JsonElement body, PlainRequest request, params (string Feature, string[] Names)[] numbers)
    {
        foreach (var (feature, names) in numbers) request.Number(feature, body.Any(names));
    }
}
