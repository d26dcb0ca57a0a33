using System.Buffers;
using Sluice.Chat;
using Sluice.Formats.Shared;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.AnthropicMessages;

/// <summary>
/// Writes the blocks of a stream, one open at a time. A block of text or thinking begins with its first piece, so that a part which stays empty
/// leaves no block behind.
/// </summary>
/// <param name="context">The call.</param>
/// <param name="own">True when the answer is of this format: every block is written as it came.</param>
internal sealed class AnthropicBlockStream(TranslationContext context, bool own)
{
    private readonly AnthropicBlockEvents _events = new();
    private readonly AnthropicBlockWriter _writer = own ? AnthropicBlockWriter.AsCame : AnthropicBlockWriter.Complete;
    private readonly List<Part> _translated = [];
    private readonly SpokenText _said = new();
    private AnthropicFreeInput? _freeInput;
    private Part? _part;
    private Signature? _signature;
    private int _paragraph;
    private bool _isOpen;
    private bool _hasContent;

    /// <summary>The answer asks for a tool to be run.</summary>
    public bool HasToolCalls { get; private set; }

    /// <summary>Takes an event of the part that is open; parts come one after the other.</summary>
    public void Encode(StreamEvent next, IBufferWriter<byte> output)
    {
        switch (next)
        {
            case PartStarted e: Start(e.Part, e.Index, output); break;
            case PartDelta e: Delta(e.Delta, output); break;
            case PartEnded e: End(e.Final, e.Index, output); break;
            default: break;
        }
    }

    private void Start(Part part, int number, IBufferWriter<byte> output)
    {
        (_part, _signature, _paragraph, _isOpen, _hasContent) = (part, part.Signature, 0, false, false);
        if (!own) part = Translate(part, number);
        switch (part)
        {
            case TextPart text:
                if (own || text.Citations.Count > 0) Open(text with { Text = "", Citations = [], Signature = null }, output);
                foreach (var citation in text.Citations) Delta(new CitationDelta(citation), output);
                if (text.Text.Length > 0) Delta(new TextDelta(text.Text), output);
                break;
            case RefusalPart refusal:
                if (refusal.Text.Length > 0) Delta(new RefusalDelta(refusal.Text), output);
                break;
            case MediaPart { Transcript: { Length: > 0 } words }:
                Delta(new MediaDelta("", words), output);
                break;
            case ReasoningPart { IsRedacted: true }:
                break;
            case ReasoningPart reasoning:
                if (own) Open(reasoning with { Text = "", Signature = null }, output);
                if (reasoning.Text.Length > 0) Delta(new ReasoningDelta(reasoning.Text), output);
                break;
            case ToolCallPart call:
                HasToolCalls = true;
                if (call.Signature is { } signature) WriteWhole(AnthropicCarriers.Before(signature), output);
                _signature = null;
                _freeInput = call.IsCustom && !own ? new AnthropicFreeInput() : null;
                Open(call with { Arguments = "{}", IsCustom = false, Signature = null }, output);
                if (call.Arguments.Length > 0 && (call.Arguments != "{}" || _freeInput is not null)) Delta(new ArgumentsDelta(call.Arguments), output);
                break;
            case ServerToolCallPart or ServerToolResultPart or RawPart when own:
                Open(part, output);
                break;
            default:
                break;
        }
    }

    // Reports what cannot be a block; it then has no case above.
    private Part Translate(Part part, int number)
    {
        _translated.Clear();
        if (part is not (TextPart or ReasoningPart or RefusalPart or ToolCallPart)) AnthropicAnswerParts.Add(part, $"candidates[0].parts[{number}]", context.Losses, _translated);
        else context.Losses.Unknown(part.Notes, AnthropicNames.Id, $"candidates[0].parts[{number}]");
        return part;
    }

    private void Delta(Delta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case TextDelta d when _part is TextPart: Text(own ? d.Text : _said.Write(d.Text), output); break;
            case RefusalDelta d when _part is RefusalPart: Text(d.Text, output); break;
            case MediaDelta { Transcript.Length: > 0 } d when _part is MediaPart: Text(_said.Speak(d.Transcript), output); break;
            case ReasoningDelta d when _part is ReasoningPart { IsRedacted: false }: Reasoning(d, output); break;
            case ArgumentsDelta { Text.Length: > 0 } d when _isOpen: WriteDelta("input_json_delta", "partial_json", _freeInput?.Next(d.Text) ?? d.Text, output); break;
            case SignatureDelta d: _signature = d.Signature; break;
            case CitationDelta d when _part is TextPart: Citation(d.Citation, output); break;
            case RawDelta d when d.Format == AnthropicNames.Id && _isOpen: _events.Raw(d.Json, output); break;
            default: break;
        }
    }

    private void Text(string text, IBufferWriter<byte> output)
    {
        if (text.Length == 0) return;
        if (!_isOpen) Open(new TextPart(""), output);
        WriteDelta("text_delta", "text", text, output);
    }

    private void Reasoning(ReasoningDelta delta, IBufferWriter<byte> output)
    {
        if (delta.Text.Length == 0) return;
        if (!_isOpen) Open(new ReasoningPart(""), output);
        if (delta.Paragraph is { } paragraph && paragraph != _paragraph)
        {
            if (_hasContent) WriteDelta("thinking_delta", "thinking", "\n\n", output);
            _paragraph = paragraph;
        }
        WriteDelta("thinking_delta", "thinking", delta.Text, output);
    }

    private void Citation(Citation citation, IBufferWriter<byte> output)
    {
        if (!_isOpen) Open(new TextPart(""), output);
        _events.Citation(citation, output);
    }

    private void End(Part? final, int number, IBufferWriter<byte> output)
    {
        if (_part is null) return;
        if (final is not null) Finalize(final, output);
        switch (_part)
        {
            case ReasoningPart { IsRedacted: true } redacted:
                if (_signature is not null) WriteWhole(redacted with { Signature = _signature }, output);
                break;
            case ReasoningPart reasoning:
                if (_signature is not null && !_isOpen) Open(new ReasoningPart(""), output);
                if (_isOpen && (_signature is not null || !own)) WriteDelta("signature_delta", "signature", AnthropicSignatures.ForClient(_signature, final?.Id ?? reasoning.Id), output);
                Close(output);
                break;
            case ToolCallPart when _freeInput is { } input && _isOpen:
                WriteDelta("input_json_delta", "partial_json", input.End(), output);
                Close(output);
                break;
            default:
                bool wasWritten = _isOpen;
                Close(output);
                if (_signature is not null && !own) Carry(wasWritten, number, output);
                break;
        }
        _part = null;
    }

    private void Carry(bool wasWritten, int number, IBufferWriter<byte> output)
    {
        if (wasWritten) WriteWhole(AnthropicCarriers.After(_signature!), output);
        else if (_part is TextPart) WriteWhole(AnthropicCarriers.InPlace(_signature!), output);
        else context.Losses.Dropped($"candidates[0].parts[{number}].signature", "its piece was not carried");
    }

    // What only the end of a part says: a signature, and everything where nothing was streamed.
    private void Finalize(Part final, IBufferWriter<byte> output)
    {
        _signature ??= _part is ToolCallPart { Signature: not null } ? null : final.Signature;
        if (_hasContent) return;
        switch (final)
        {
            case TextPart p: Delta(new TextDelta(p.Text), output); break;
            case RefusalPart p: Delta(new RefusalDelta(p.Text), output); break;
            case ReasoningPart p: Delta(new ReasoningDelta(p.Text), output); break;
            case ToolCallPart p when p.Arguments != "{}" || _freeInput is not null: Delta(new ArgumentsDelta(p.Arguments), output); break;
            default: break;
        }
    }

    private void WriteWhole(Part part, IBufferWriter<byte> output)
    {
        Open(part, output);
        Close(output);
    }

    private void Open(Part part, IBufferWriter<byte> output)
    {
        _isOpen = true;
        // A signature is never in the start: it comes as a delta.
        _events.Start(part, part is ReasoningPart ? AnthropicBlockWriter.AsCame : _writer, output);
    }

    private void Close(IBufferWriter<byte> output)
    {
        if (!_isOpen) return;
        _isOpen = false;
        _events.Stop(output);
    }

    private void WriteDelta(string type, string name, string text, IBufferWriter<byte> output)
    {
        _hasContent = true;
        _events.Delta(type, name, text, output);
    }
}
