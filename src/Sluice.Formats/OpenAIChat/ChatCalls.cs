using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>A call of another format's answer, for a client of this one.</summary>
internal static class ChatCalls
{
    /// <summary>Writes one.</summary>
    public static void Write(Utf8JsonWriter output, ToolCallPart call, ChatDialect dialect, int index, TranslationContext context)
    {
        output.WriteStartObject();
        output.WriteString("id", Id(call, dialect, context));
        bool custom = call.IsCustom && !dialect.IsMistral;
        string type = custom ? "custom" : "function";
        if (dialect.IsMistral) output.WriteNumber("index", index);
        else output.WriteString("type", type);
        output.WriteStartObject(type);
        output.WriteString("name", call.Name);
        if (custom) output.WriteString("input", call.Arguments);
        else output.WriteString("arguments", FunctionArguments.Of(call, "Mistral", "choices.message.tool_calls", context.Losses));
        output.WriteEndObject();
        if (call.Signature is { } signature) ThoughtSignature.Write(output, signature);
        output.WriteEndObject();
    }

    /// <summary>The call's id for a client. Mistral's clients would refuse to send any other than nine letters and digits back.</summary>
    public static string Id(ToolCallPart call, ChatDialect dialect, TranslationContext context) =>
        call.CallId.Length == 0 ? context.Ids.Next(dialect.IsMistral ? "" : "call_", dialect.IsMistral ? 9 : 24) : call.CallId;
}
