using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Sluice.Formats.Gemini;

/// <summary>
/// The members that this codec knows. Google's servers take each under its camelCase and its snake_case name, even mixed in one body
/// (the JSON mapping of protocol buffers: "parsers accept both the lowerCamelCase name and the original proto field name").
/// </summary>
internal static class GeminiNames
{
    private const int LongestName = 64;

    private static readonly string[] Known =
    [
        "allowedFunctionNames", "args", "autoTruncate", "cachedContent", "candidateCount", "candidates", "codeExecutionResult", "content", "contents", "createTime",
        "data", "description", "displayName", "embedding", "embeddings", "error", "executableCode", "fileData", "fileUri", "finishReason", "frequencyPenalty",
        "functionCall", "functionCallingConfig", "functionDeclarations", "functionResponse", "generateContentRequest", "generationConfig", "id", "includeThoughts",
        "index", "inlineData", "logprobs", "logprobsResult", "maxOutputTokens", "mimeType", "mode", "model", "modelVersion", "name", "outputDimensionality",
        "parameters", "parametersJsonSchema", "partialArgs", "parts", "presencePenalty", "promptFeedback", "requests", "response", "responseId", "responseJsonSchema",
        "responseLogprobs", "responseMimeType", "responseModalities", "responseSchema", "role", "seed", "serviceTier", "speechConfig", "stopSequences", "store",
        "systemInstruction", "taskType", "temperature", "text", "thinkingBudget", "thinkingConfig", "thinkingLevel", "thought", "thoughtSignature", "title",
        "toolCall", "toolConfig", "toolResponse", "toolType", "tools", "topK", "topP", "usageMetadata", "values", "willContinue",
    ];

    private static readonly FrozenDictionary<string, (string Name, bool IsSnake)> BySpelling = Spellings();

    private static readonly FrozenDictionary<string, (string Name, bool IsSnake)>.AlternateLookup<ReadOnlySpan<char>> Lookup = BySpelling.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The camelCase name of a member, the same string object each time; <see langword="null"/> for a member that this codec does not know.</summary>
    public static string? Of(JsonProperty member, out bool isSnake)
    {
        isSnake = false;
        var raw = JsonMarshal.GetRawUtf8PropertyName(member);
        if (raw.Length > LongestName) return null;
        Span<char> name = stackalloc char[LongestName];
        int length = Encoding.UTF8.GetChars(raw, name);
        if (!Lookup.TryGetValue(name[..length], out var known)) return null;
        isSnake = known.IsSnake;
        return known.Name;
    }

    /// <summary>True for a camelCase name that this codec knows.</summary>
    public static bool IsKnown(ReadOnlySpan<char> name) => Lookup.ContainsKey(name);

    /// <summary>The snake_case spelling of a camelCase name.</summary>
    public static string Snake(string camel)
    {
        var snake = new StringBuilder(camel.Length + 4);
        foreach (char c in camel)
        {
            if (char.IsAsciiLetterUpper(c)) snake.Append('_');
            snake.Append(char.ToLowerInvariant(c));
        }
        return snake.ToString();
    }

    private static FrozenDictionary<string, (string Name, bool IsSnake)> Spellings()
    {
        var spellings = new Dictionary<string, (string, bool)>(StringComparer.Ordinal);
        foreach (string name in Known)
        {
            spellings[name] = (name, false);
            string snake = Snake(name);
            if (snake != name) spellings[snake] = (name, true);
        }
        return spellings.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
