using System.Text.Json;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Gemini;

/// <summary>What the API's own SDK (@google/genai 2.32) may send; anything else is refused when members are checked.</summary>
internal static class GeminiMembers
{
    private static readonly Members Request = new("contents systemInstruction tools toolConfig generationConfig safetySettings cachedContent labels serviceTier model store");

    private static readonly Members Config = new("""
        audioTimestamp candidateCount enableAffectiveDialog enableEnhancedCivicAnswers frequencyPenalty imageConfig logprobs maxOutputTokens mediaResolution
        modelSelectionConfig presencePenalty responseFormat responseJsonSchema responseLogprobs responseMimeType responseModalities responseSchema
        routingConfig seed speechConfig stopSequences temperature thinkingConfig topK topP translationConfig
        """);

    private static readonly Members Content = new("parts role");

    private static readonly Members Part = new("""
        mediaResolution toolCall toolResponse audioTranscription codeExecutionResult executableCode fileData functionCall functionResponse inlineData text
        thought thoughtSignature videoMetadata partMetadata mediaProcessing speechMetadata
        """);

    private static readonly Members Function = new("behavior description name parameters parametersJsonSchema response responseJsonSchema");

    private static readonly Members Schema = new("""
        anyOf default description enum example format items maxItems maxLength maxProperties maximum minItems minLength minProperties minimum nullable
        pattern properties propertyOrdering required title type
        """);

    /// <summary>The refusal in the API's words, or null.</summary>
    public static string? Check(SimulatedCall call, JsonElement root)
    {
        if (!Members.AreChecked(call))
            return null;
        if (Request.FirstUnknown(root, snakeCaseToo: true) is { } unknown)
            return Refusal(unknown, null);
        if (root.Has("generationConfig", "generation_config", out var config))
        {
            if (Config.FirstUnknown(config, snakeCaseToo: true) is { } setting)
                return Refusal(setting, "generation_config");
            if (config.Has("responseSchema", "response_schema", out var schema) && UnknownOf(schema, "generation_config.response_schema") is { } inSchema)
                return inSchema;
        }

        return Contents(root) ?? Tools(root);
    }

    private static string? Contents(JsonElement root)
    {
        var index = -1;
        foreach (var content in root.Items("contents"))
        {
            index++;
            if (Content.FirstUnknown(content) is { } unknown)
                return Refusal(unknown, $"contents[{index}]");
            var at = -1;
            foreach (var part in content.Items("parts"))
            {
                at++;
                if (Part.FirstUnknown(part, snakeCaseToo: true) is { } extra)
                    return Refusal(extra, $"contents[{index}].parts[{at}]");
            }
        }

        return null;
    }

    private static string? Tools(JsonElement root)
    {
        var index = -1;
        foreach (var tool in root.Items("tools"))
        {
            index++;
            if (!tool.Has("functionDeclarations", "function_declarations", out var functions))
                continue;
            var at = -1;
            foreach (var function in functions.Items())
            {
                at++;
                var place = $"tools[{index}].function_declarations[{at}]";
                if (Function.FirstUnknown(function, snakeCaseToo: true) is { } unknown)
                    return Refusal(unknown, place);
                if (function.Has("parameters", out var schema) && UnknownOf(schema, place + ".parameters") is { } inSchema)
                    return inSchema;
            }
        }

        return null;
    }

    /// <summary>The subset of OpenAPI that <c>parameters</c> and <c>responseSchema</c> take knows no <c>additionalProperties</c> and no <c>$defs</c>.</summary>
    private static string? UnknownOf(JsonElement schema, string place)
    {
        if (Schema.FirstUnknown(schema, snakeCaseToo: true) is { } unknown)
            return Refusal(unknown, place);
        if (schema.Has("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            var index = 0;
            foreach (var property in properties.EnumerateObject())
            {
                if (UnknownOf(property.Value, $"{place}.properties[{index++}].value") is { } below)
                    return below;
            }
        }

        return schema.Has("items", out var items) ? UnknownOf(items, place + ".items") : null;
    }

    private static string Refusal(string name, string? place) =>
        $"Invalid JSON payload received. Unknown name \"{name}\"{(place is null ? "" : $" at '{place}'")}: Cannot find field.";
}
