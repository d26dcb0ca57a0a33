namespace Sluice.Simulator.Tests;

/// <summary>Pieces of requests that many tests use.</summary>
internal static class Bodies
{
    public const string Weather = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";
    public const string Nothing = """{"type":"object","properties":{}}""";

    /// <summary>A PNG of 70 bytes.</summary>
    public const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    public const string FunctionTools = $$$"""
        [{"type":"function","function":{"name":"get_weather","parameters":{{{Weather}}}}},{"type":"function","function":{"name":"get_time","parameters":{{{Nothing}}}}}]
        """;

    public const string AnthropicTools = $$$"""
        [{"name":"get_weather","input_schema":{{{Weather}}}},{"name":"get_time","input_schema":{{{Nothing}}}}]
        """;

    public const string GeminiTools = """
        [{"functionDeclarations":[{"name":"get_weather","parameters":{"type":"OBJECT","properties":{"city":{"type":"STRING"}}}},{"name":"get_time"}]}]
        """;

    public static string OpenAI(string text, string more = "") => $$$"""{"model":"gpt-5.4","messages":[{"role":"user","content":"{{{text}}}"}]{{{more}}}}""";

    public static string Anthropic(string text, string more = "") => $$$"""{"model":"claude-sonnet-5","max_tokens":4000,"messages":[{"role":"user","content":"{{{text}}}"}]{{{more}}}}""";

    public static string Gemini(string text, string more = "") => $$$"""{"contents":[{"role":"user","parts":[{"text":"{{{text}}}"}]}]{{{more}}}}""";
}
