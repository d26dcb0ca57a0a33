using Sluice.Formats.Gemini;
using Sluice.Formats.Json;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Prepares a request for an upstream of the client's own format: byte-range edits, or nothing at all.</summary>
internal static class SameFormatPreparer
{
    private static ReadOnlyMemory<byte> IncludeUsage { get; } = """{"include_usage":true}"""u8.ToArray();

    public static Preparation Prepare(CallContext call, TargetModel target, IWireFormat format)
    {
        var edits = new JsonEdits(call.Members);
        if (format.ModelInBody && !string.Equals(call.Head.Model, target.Model, StringComparison.Ordinal)) edits.Set("model"u8, target.QuotedModel);
        if (!format.ModelInBody) GeminiBodyModels.Edit(call.Members, edits, target.Model);
        if (call.TakesModelsOut) edits.Remove("models"u8);
        bool hidesUsage = AskForUsage(call, target, format, edits);
        target.BodyRules.Apply(call.Members, edits, format.Id);
        var losses = target.ParameterRules.ForBody(format.Id).Apply(call.Members, edits);
        if (losses is not null && TranslatedPreparer.Strict(call, target, losses) is { } refusal) return new Preparation(null, refusal);
        bool isBatch = call.Inbound.Request.Path.EndsWith(":batchEmbedContents", StringComparison.Ordinal);
        if (edits.IsEmpty) return new Preparation(new PreparedRequest { Lane = Lane.Verbatim, Format = format, Body = call.Members.Body, IsBatch = isBatch }, null);
        var buffer = new PooledBuffer(call.Members.Body.Length + 256);
        edits.Apply(buffer);
        return new Preparation(
            new PreparedRequest { Lane = Lane.Spliced, Format = format, Body = buffer.Written, Buffer = buffer, HidesUsage = hidesUsage, IsBatch = isBatch, Losses = losses },
            null);
    }

    // Chat Completions streams report usage only when asked, and every call must be accounted for.
    private static bool AskForUsage(CallContext call, TargetModel target, IWireFormat format, JsonEdits edits)
    {
        if (!call.Head.Stream || call.Head.IncludeUsage != false || !target.Provider.AsksForStreamUsage(format.Id)) return false;
        if (!call.Members.TryGet("stream_options"u8, out var options) || call.Members.Value(options)[0] != (byte)'{')
        {
            edits.Set("stream_options"u8, IncludeUsage);
            return true;
        }
        var inner = JsonMembers.Scan(call.Members.Body.Slice(options.ValueStart, options.ValueLength), out _)!;
        var innerEdits = new JsonEdits(inner);
        innerEdits.Set("include_usage"u8, "true"u8.ToArray());
        var edited = new System.Buffers.ArrayBufferWriter<byte>();
        innerEdits.Apply(edited);
        edits.Set("stream_options"u8, edited.WrittenMemory);
        return true;
    }
}
