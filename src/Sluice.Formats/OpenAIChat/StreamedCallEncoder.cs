using System.Buffers;
using Sluice.Chat;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>Writes the calls of one choice: in fragments by <c>index</c>, or whole for Mistral's clients.</summary>
internal sealed class StreamedCallEncoder(ChatDialect dialect, TranslationContext context, CandidateChunks chunks)
{
    private readonly Dictionary<int, ToolCallPart> _whole = [];
    private int _nextWhole;

    /// <summary>How many calls there are.</summary>
    public int Count { get; private set; }

    /// <summary>A call begins.</summary>
    public void Start(StreamedPart state, ToolCallPart call, IBufferWriter<byte> output)
    {
        state.Call = Count++;
        state.HasArguments = call.Arguments.Length > 0;
        state.SignatureTold = call.Signature is not null;
        if (dialect.IsMistral)
        {
            state.Arguments.Append(call.Arguments);
            return;
        }
        chunks.WriteDelta(output, (Call: call, Number: state.Call, Id: ChatCalls.Id(call, dialect, context)), static (writer, s) =>
        {
            string type = s.Call.IsCustom ? "custom" : "function";
            writer.WriteStartArray("tool_calls");
            writer.WriteStartObject();
            writer.WriteNumber("index", s.Number);
            writer.WriteString("id", s.Id);
            writer.WriteString("type", type);
            writer.WriteStartObject(type);
            writer.WriteString("name", s.Call.Name);
            writer.WriteString(s.Call.IsCustom ? "input" : "arguments", s.Call.Arguments);
            writer.WriteEndObject();
            if (s.Call.Signature is { } signature) ThoughtSignature.Write(writer, signature);
            writer.WriteEndObject();
            writer.WriteEndArray();
        });
    }

    /// <summary>More of a call's arguments.</summary>
    public void Add(StreamedPart state, ToolCallPart call, string text, IBufferWriter<byte> output)
    {
        state.HasArguments = true;
        if (dialect.IsMistral)
        {
            state.Arguments.Append(text);
            return;
        }
        chunks.WriteDelta(output, (Number: state.Call, Text: text, call.IsCustom), static (writer, s) =>
        {
            writer.WriteStartArray("tool_calls");
            writer.WriteStartObject();
            writer.WriteNumber("index", s.Number);
            writer.WriteStartObject(s.IsCustom ? "custom" : "function");
            writer.WriteString(s.IsCustom ? "input" : "arguments", s.Text);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
        });
    }

    /// <summary>A call is complete.</summary>
    public void End(StreamedPart state, ToolCallPart call, IBufferWriter<byte> output)
    {
        if (dialect.IsMistral)
        {
            _whole[state.Call] = call with { Arguments = state.Arguments.ToString(), Signature = state.Signature };
            WriteWhole(output);
            return;
        }
        if (!state.HasArguments && !call.IsCustom) Add(state, call, "{}", output);
        if (state.Signature is null || state.SignatureTold) return;
        chunks.WriteDelta(output, (Number: state.Call, state.Signature), static (writer, s) =>
        {
            writer.WriteStartArray("tool_calls");
            writer.WriteStartObject();
            writer.WriteNumber("index", s.Number);
            ThoughtSignature.Write(writer, s.Signature);
            writer.WriteEndObject();
            writer.WriteEndArray();
        });
    }

    // A call that is complete before another that began earlier waits for it.
    private void WriteWhole(IBufferWriter<byte> output)
    {
        while (_whole.Remove(_nextWhole, out var call))
        {
            chunks.WriteDelta(output, (Call: call, Dialect: dialect, Number: _nextWhole, Context: context), static (writer, s) =>
            {
                writer.WriteStartArray("tool_calls");
                ChatCalls.Write(writer, s.Call, s.Dialect, s.Number, s.Context);
                writer.WriteEndArray();
            });
            _nextWhole++;
        }
    }
}
