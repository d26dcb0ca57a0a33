using Sluice.Engine.Buffers;
using Sluice.Formats.Gemini;
using Sluice.Formats.Json;
using Sluice.Formats.Shared;
using Sluice.Parameters;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Prepares a request for an upstream of the client's own format: byte-range edits, or nothing at all.</summary>
internal static class SameFormatPreparer
{
    private static ReadOnlyMemory<byte> IncludeUsage { get; } = """{"include_usage":true}"""u8.ToArray();

    public static Preparation Prepare(Attempt attempt, IWireFormat format)
    {
        var (call, target, members) = (attempt.Call, attempt.Target, attempt.Members);
        var edits = new JsonEdits(members);
        var own = target.BodyOf(format.Id);
        if (own is null && format.ModelInBody && !string.Equals(call.Head.Model, target.Model, StringComparison.Ordinal)) edits.Set("model"u8, target.QuotedModel);
        if (!format.ModelInBody) GeminiBodyModels.Edit(members, edits, target.Model);
        if (format.MediaTypes is { } places) MediaTypeEdits.Collect(members, edits, places);
        if (call.TakesModelsOut) edits.Remove("models"u8);
        bool hidesUsage = AskForUsage(attempt, format, edits);
        own?.Apply(edits, target.QuotedModelIn(format.Id));
        var most = call.Gateway.Facts(target).MaxOutput;
        target.BodyRules.Apply(members, edits, format, most);
        var found = new LazyLosses();
        if (call.Head.MaxTokens > most) OutputLimit.Fit(edits, format.Parameters, most.Value, ref found);
        target.Provider.Quirks.Apply(edits, format, ref found);
        var losses = target.ParameterRules.ForBody(format.Id).Apply(members, edits, found.Report);
        if (losses is not null && TranslatedPreparer.Strict(call, target, losses) is { } refusal) return new Preparation(null, refusal);
        bool isBatch = call.Inbound.Request.Path.EndsWith(":batchEmbedContents", StringComparison.Ordinal);
        if (edits.IsEmpty) return new Preparation(new PreparedRequest { Lane = Lane.Verbatim, Format = format, Body = members.Body, IsBatch = isBatch }, null);
        var buffer = new PooledBuffer(members.Body.Length + 256, call.Buffers);
        edits.Apply(buffer);
        return new Preparation(
            new PreparedRequest { Lane = Lane.Spliced, Format = format, Body = buffer.Written, Buffer = buffer, HidesUsage = hidesUsage, IsBatch = isBatch, Losses = losses },
            null);
    }

    // Chat Completions streams report usage only when asked, and every call must be accounted for.
    private static bool AskForUsage(Attempt attempt, IWireFormat format, JsonEdits edits)
    {
        var (call, target, members) = (attempt.Call, attempt.Target, attempt.Members);
        if (!call.Head.Stream || call.Head.IncludeUsage != false || !target.Provider.AsksForStreamUsage(format.Id)) return false;
        if (!members.TryGet("stream_options"u8, out var options) || members.Value(options)[0] != (byte)'{')
        {
            edits.Set("stream_options"u8, IncludeUsage);
            return true;
        }
        var inner = JsonMembers.Scan(members.Body.Slice(options.ValueStart, options.ValueLength), out _)!;
        var innerEdits = new JsonEdits(inner);
        innerEdits.Set("include_usage"u8, "true"u8.ToArray());
        var edited = new System.Buffers.ArrayBufferWriter<byte>();
        innerEdits.Apply(edited);
        edits.Set("stream_options"u8, edited.WrittenMemory);
        return true;
    }
}
