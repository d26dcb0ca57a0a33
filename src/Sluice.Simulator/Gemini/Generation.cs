using System.Text.Json;
using Sluice.Simulator.Answers;
using Sluice.Simulator.Hosting;

namespace Sluice.Simulator.Gemini;

/// <summary>What all forms of a generation have in common: its parts, its usage and its ids.</summary>
internal sealed class Generation
{
    private readonly SimulatedCall call;
    private readonly Ask ask;
    private readonly bool showThoughts;
    private readonly string responseId;
    private readonly int cached;

    public Generation(SimulatedCall call, Ask ask, Answer answer, JsonElement root)
    {
        this.call = call;
        this.ask = ask;
        Answer = answer;
        showThoughts = root.Has("generationConfig", "generation_config", out var config) && config.Has("thinkingConfig", "thinking_config", out var thinking)
            && (thinking.Flag("includeThoughts") ?? thinking.Flag("include_thoughts")) == true;
        responseId = call.Stage.Ids.Letters("", 22);
        cached = call.Stage.Cache.ReadImplicit("gemini", ask.Prompt);
    }

    public Answer Answer { get; }

    public List<GeminiPart> WholeParts()
    {
        var parts = new List<GeminiPart>();
        if (showThoughts && Answer.Reasoning.Length > 0)
            parts.Add(new GeminiPart(Answer.Reasoning, Thought: true));
        if (Answer.Text.Length > 0)
            parts.Add(new GeminiPart(Answer.Text, Signature: TextSignature()));
        parts.AddRange(Calls());
        return parts;
    }

    /// <summary>The parts of each chunk. Calls are never cut; the end, and a text's signature, come with an empty text.</summary>
    public List<List<GeminiPart>> StreamParts(int chunk)
    {
        var chunks = new List<List<GeminiPart>>();
        if (showThoughts)
            chunks.AddRange(Chunks.Of(Answer.Reasoning, chunk * 4).Select(piece => new List<GeminiPart> { new(piece, Thought: true) }));
        chunks.AddRange(Chunks.Of(Answer.Text, chunk).Select(piece => new List<GeminiPart> { new(piece) }));
        chunks.AddRange(Calls().Select(part => new List<GeminiPart> { part }));
        if (Answer.Calls.Count > 0)
            chunks.Add([new GeminiPart("")]);
        else if (Answer.Text.Length > 0 && TextSignature() is { } signature)
            chunks.Add([new GeminiPart("", Signature: signature)]);
        if (chunks.Count == 0)
            chunks.Add([]);
        return chunks;
    }

    public void Write(Utf8JsonWriter writer, List<GeminiPart> parts, bool last, int visibleTokens, bool whole)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("candidates");
        for (var i = 0; i < ask.Count; i++)
            WriteCandidate(writer, parts, last, whole, i);
        writer.WriteEndArray();
        WriteUsage(writer, visibleTokens * ask.Count);
        writer.WriteString("modelVersion", ask.Model);
        writer.WriteString("responseId", responseId);
        writer.WriteEndObject();
    }

    public static void WriteDetails(Utf8JsonWriter writer, PromptMeter prompt)
    {
        writer.WriteStartArray("promptTokensDetails");
        Modality("TEXT", prompt.Tokens - prompt.MediaTokens);
        if (prompt.MediaTokens > 0)
            Modality("IMAGE", prompt.MediaTokens);
        writer.WriteEndArray();

        void Modality(string name, int tokens)
        {
            writer.WriteStartObject();
            writer.WriteString("modality", name);
            writer.WriteNumber("tokenCount", tokens);
            writer.WriteEndObject();
        }
    }

    private void WriteCandidate(Utf8JsonWriter writer, List<GeminiPart> parts, bool last, bool whole, int index)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("content");
        if (Answer.Finish != Finish.Filter)
        {
            if (parts.Count > 0)
            {
                writer.WriteStartArray("parts");
                foreach (var part in parts)
                    part.Write(writer);
                writer.WriteEndArray();
            }

            writer.WriteString("role", "model");
        }

        writer.WriteEndObject();
        if (last)
            writer.WriteString("finishReason", Answer.Finish switch { Finish.Length => "MAX_TOKENS", Finish.Filter => "SAFETY", _ => "STOP" });
        writer.WriteNumber("index", index);
        if (last && whole && Answer.Calls.Count > 0)
            writer.WriteString("finishMessage", "Model generated function call(s).");
        writer.WriteEndObject();
    }

    private void WriteUsage(Utf8JsonWriter writer, int visible)
    {
        var prompt = ask.Prompt;
        writer.WriteStartObject("usageMetadata");
        writer.WriteNumber("promptTokenCount", prompt.Tokens);
        if (visible > 0)
            writer.WriteNumber("candidatesTokenCount", visible);
        writer.WriteNumber("totalTokenCount", prompt.Tokens + visible + Answer.ReasoningTokens);
        if (cached > 0)
            writer.WriteNumber("cachedContentTokenCount", cached);
        WriteDetails(writer, prompt);
        if (Answer.ReasoningTokens > 0)
            writer.WriteNumber("thoughtsTokenCount", Answer.ReasoningTokens);
        writer.WriteEndObject();
    }

    /// <summary>Of several calls made at once only the first is signed.</summary>
    private IEnumerable<GeminiPart> Calls()
    {
        for (var i = 0; i < Answer.Calls.Count; i++)
        {
            var use = Answer.Calls[i];
            var id = ask.Model.Contains("with-ids", StringComparison.Ordinal) ? call.Stage.Ids.Small("", 8) : null;
            yield return new GeminiPart(use.Arguments, Name: use.Name, Id: id, Signature: i == 0 && ask.Thinks ? CallSignature(use) : null);
        }
    }

    private string CallSignature(ToolUse use)
    {
        using var arguments = JsonDocument.Parse(use.Arguments);
        return GenerateRules.Sign(call, use.Name, arguments.RootElement);
    }

    private string? TextSignature() =>
        ask.Thinks && Answer.Finish == Finish.Stop ? Convert.ToBase64String(call.Stage.Signer.Seal(GenerateRules.TextSignature, call.Stage.Ids.Next())) : null;
}
