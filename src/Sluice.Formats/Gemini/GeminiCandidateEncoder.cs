using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.Gemini;

/// <summary>One candidate of a streamed answer: turns its events, part after part, into what a chunk can say.</summary>
internal sealed class GeminiCandidateEncoder(int index)
{
    private readonly StringBuilder _arguments = new();
    private readonly List<string> _media = [];
    private StringBuilder? _text;
    private List<Citation>? _citations;
    private List<TokenLogprob>? _logprobs;
    private Part? _open;
    private Signature? _signature;

    public int Index { get; } = index;

    /// <summary>Keeps parts that overlap in time apart, so that a client that joins text by order reads it right.</summary>
    public PartSequencer Sequencer { get; } = new();

    /// <summary>How it ended; <see langword="null"/> while it goes on.</summary>
    public CandidateFinished? End { get; set; }

    /// <summary>Takes an event and gives what is to be written for it; <see langword="null"/> for nothing yet.</summary>
    public GeminiContent? Take(StreamEvent next, LossReport losses) => next switch
    {
        PartStarted e => Start(e.Part),
        PartDelta e => Add(e.Delta, losses),
        PartEnded e => Finish(e.Final, losses),
        _ => null,
    };

    public void WriteEnd(Utf8JsonWriter writer, LossReport losses)
    {
        var notes = new GeminiNotes(End?.Notes);
        losses.Unknown(End?.Notes, WireFormatId.GeminiGenerate, $"candidates[{Index}]");
        if (End?.StopSequence is not null) losses.Dropped($"candidates[{Index}].stop_sequence", "Gemini does not say which stop sequence was met");
        writer.WriteStartObject();
        writer.WriteStartObject("content"u8);
        writer.WriteStartArray("parts"u8);
        new GeminiContent { Text = "" }.Write(writer);
        writer.WriteEndArray();
        writer.WriteString("role"u8, "model"u8);
        writer.WriteEndObject();
        writer.WriteString("finishReason"u8, notes.Value("finish") ?? GeminiFinish.Write(End?.Reason));
        writer.WriteNumber("index"u8, Index);
        if (notes.Field("logprobsResult").IsAbsent && _logprobs is not null) GeminiLogprobs.Write(writer, _logprobs);
        if (notes.Field("groundingMetadata").IsAbsent && notes.Field("citationMetadata").IsAbsent && _citations is not null) GeminiGrounding.Write(writer, _citations, _text?.ToString() ?? "");
        notes.WriteFields(writer);
        writer.WriteEndObject();
    }

    // A part may begin with content; mostly it has none yet.
    private GeminiContent? Start(Part part)
    {
        _open = part;
        _signature = part.Signature;
        _arguments.Clear();
        _media.Clear();
        switch (part)
        {
            case TextPart p:
                if (p.Citations.Count > 0) (_citations ??= []).AddRange(p.Citations);
                return Words(p.Text, false);
            case RefusalPart p:
                return Words(p.Text, false);
            case ReasoningPart p:
                return Words(p.Text, true);
            case ToolCallPart p:
                _arguments.Append(p.Arguments);
                return null;
            default:
                return null;
        }
    }

    private GeminiContent? Add(Delta delta, LossReport losses)
    {
        switch (delta)
        {
            case TextDelta d: return Words(d.Text, false);
            case RefusalDelta d: return Words(d.Text, false);
            case ReasoningDelta d: return Words(d.Text, true);
            case ArgumentsDelta d: _arguments.Append(d.Text); return null;
            case SignatureDelta d: _signature = d.Signature; return null;
            case CitationDelta d: (_citations ??= []).Add(d.Citation); return null;
            case LogprobsDelta d: (_logprobs ??= []).AddRange(d.Tokens); return null;
            case MediaDelta d:
                if (d.Transcript.Length > 0) losses.Dropped($"candidates[{Index}].transcript", "Gemini has no transcripts beside sound");
                return Piece(d.Base64);
            case RawDelta d: losses.Dropped($"candidates[{Index}].{d.Name}", $"only {d.Format} has this"); return null;
            default: return null;
        }
    }

    private GeminiContent? Finish(Part? final, LossReport losses)
    {
        var part = _open;
        _open = null;
        switch (part)
        {
            case TextPart or RefusalPart or ReasoningPart:
                bool isThought = part is ReasoningPart;
                if (part is RefusalPart) losses.Changed($"candidates[{Index}].refusal", "Gemini has no refusals apart from text");
                losses.Unknown(part.Notes, WireFormatId.GeminiGenerate, $"candidates[{Index}].parts");
                var signed = Signed(final ?? part);
                return signed is null ? null : new GeminiContent { Text = "", IsThought = isThought, Signature = signed };
            case ToolCallPart call:
                string arguments = _arguments.Length > 0 ? _arguments.ToString() : final is ToolCallPart { Arguments: var last } ? last : "";
                return Whole(call with { Arguments = arguments }, final, losses);
            case MediaPart { Source: InlineMedia { Base64.Length: 0 } } when _media.Count == 0:
                return null;
            case MediaPart { Source: InlineMedia source } media when _media.Count > 0:
                return Whole(media with { Source = source with { Base64 = Joined(source.Base64) } }, final, losses);
            case ServerToolCallPart call when _arguments.Length > 0:
                return Whole(call with { Input = RawJson.FromText(_arguments.ToString()) }, final, losses);
            case null:
                return null;
            default:
                return Whole(final ?? part, final, losses);
        }
    }

    private GeminiContent? Words(string text, bool isThought)
    {
        if (text.Length == 0) return null;
        if (!isThought) (_text ??= new StringBuilder()).Append(text);
        return new GeminiContent { Text = text, IsThought = isThought };
    }

    private GeminiContent? Whole(Part part, Part? final, LossReport losses) =>
        GeminiResponseWriter.CanSay(part, $"candidates[{Index}].parts", losses) ? new GeminiContent { Part = part, Signature = Signed(final ?? part) } : null;

    private string? Signed(Part part)
    {
        var signature = part.Signature ?? _signature;
        return signature is null ? null : GeminiSignatures.ForClient(part with { Signature = signature });
    }

    // Sound goes on piece by piece, as Google sends it; a picture must come whole.
    private GeminiContent? Piece(string base64)
    {
        if (base64.Length == 0) return null;
        if (_open is MediaPart { Source: InlineMedia sound } media && media.Kind == MediaKind.Audio) return new GeminiContent { Part = media with { Source = sound with { Base64 = base64 } } };
        _media.Add(base64);
        return null;
    }

    private string Joined(string first)
    {
        try
        {
            return Base64Chunks.Join([first, .. _media]);
        }
        catch (FormatException)
        {
            // The provider's pieces are no base64: they reach the client as they came.
            return string.Concat([first, .. _media]);
        }
    }
}
