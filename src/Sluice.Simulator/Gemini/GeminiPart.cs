using System.Text.Json;
using Sluice.Simulator.Answers;

namespace Sluice.Simulator.Gemini;

/// <summary>One part of an answer: a text, a thought or a call; a signature stands beside it.</summary>
internal sealed record GeminiPart(string Text, bool Thought = false, string? Name = null, string? Id = null, string? Signature = null)
{
    public int Tokens => Thought ? 0 : PromptMeter.TokensOf(Text.Length + (Name?.Length ?? 0));

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Name is null)
        {
            writer.WriteString("text", Text);
            if (Thought)
                writer.WriteBoolean("thought", true);
        }
        else
        {
            writer.WriteStartObject("functionCall");
            writer.WriteString("name", Name);
            writer.WritePropertyName("args");
            writer.WriteRawValue(Text, skipInputValidation: true);
            if (Id is not null)
                writer.WriteString("id", Id);
            writer.WriteEndObject();
        }

        if (Signature is not null)
            writer.WriteString("thoughtSignature", Signature);
        writer.WriteEndObject();
    }
}
