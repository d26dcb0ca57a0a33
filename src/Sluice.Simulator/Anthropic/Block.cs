using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Anthropic;

/// <summary>One content block of an answer.</summary>
/// <param name="Type"><c>thinking</c>, <c>redacted_thinking</c>, <c>text</c> or <c>tool_use</c>.</param>
/// <param name="Id">Of a tool call.</param>
/// <param name="Name">Of the tool.</param>
/// <param name="Text">Text, thinking, redacted data, or the call's input as JSON.</param>
/// <param name="Signature">Of thinking.</param>
internal sealed record Block(string Type, string Text, string Id = "", string Name = "", string Signature = "")
{
    public static List<Block> From(SimulatedCall call, Answer answer, bool thinks, bool redacted, bool hidden)
    {
        var blocks = new List<Block>();
        var stage = call.Stage;
        if (thinks && redacted)
            blocks.Add(new Block("redacted_thinking", Convert.ToBase64String(stage.Signer.Seal(MessagesRules.Redacted, stage.Ids.Next()))));
        else if (thinks && hidden)
            blocks.Add(new Block("thinking", "", Signature: Sign(stage, "")));
        else if (thinks)
            blocks.Add(new Block("thinking", answer.Reasoning, Signature: Sign(stage, answer.Reasoning)));
        if (answer.Text.Length > 0)
            blocks.Add(new Block("text", answer.Text));
        foreach (var use in answer.Calls)
            blocks.Add(new Block("tool_use", use.Arguments, stage.Ids.Letters("toolu_01", 22), use.Name));
        return blocks;
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type", Type);
        switch (Type)
        {
            case "text":
                writer.WriteString("text", Text);
                break;
            case "thinking":
                writer.WriteString("thinking", Text);
                writer.WriteString("signature", Signature);
                break;
            case "redacted_thinking":
                writer.WriteString("data", Text);
                break;
            default:
                writer.WriteString("id", Id);
                writer.WriteString("name", Name);
                writer.WritePropertyName("input");
                writer.WriteRawValue(Text, skipInputValidation: true);
                break;
        }

        writer.WriteEndObject();
    }

    private static string Sign(Stage stage, string thinking) => Convert.ToBase64String(stage.Signer.Sign(MessagesRules.Thinking, thinking));
}
