using Sluice.Chat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIResponses;

/// <summary>A text or a refusal: one content part of a message item.</summary>
internal sealed class EncodedContent(StreamedOutput stream, Part part) : EncodedPart(stream, part)
{
    private readonly List<TokenLogprob> _logprobs = [];
    private readonly bool _isRefusal = part is RefusalPart;
    private int _contentIndex;
    private int _annotations;

    /// <summary>The message that it is part of; <see langword="null"/> until it shows itself.</summary>
    public EncodedMessage? Message { get; private set; }

    /// <summary>It began with words.</summary>
    public bool HasContent => First is TextPart { Text.Length: > 0 } or RefusalPart { Text.Length: > 0 } or RawPart || First.Signature is not null;

    /// <summary>A signature that came with the text and must follow it; known after the end.</summary>
    public Signature? Signature { get; private set; }

    /// <summary>The upstream said that its message ends with this part; known after the end.</summary>
    public bool ClosesMessage { get; private set; }

    /// <summary>The signature of a text that stayed empty; <see langword="null"/> where there is none.</summary>
    public Signature? EmptySignature(PartEnded e) => Folded(e) is TextPart { Text.Length: 0, Signature: { } signature } ? signature : null;

    /// <summary>Joins a message and writes the beginning.</summary>
    public void Show(EncodedMessage message)
    {
        Message = message;
        message.OpenParts++;
        _contentIndex = message.Contents.Count;
        var begun = First switch
        {
            TextPart text => text with { Text = "" },
            RefusalPart refusal => refusal with { Text = "" },
            _ => First,
        };
        message.Contents.Add(new MessageContent(begun, []));
        // The members of the item around are no members of the part.
        PartEvent("response.content_part.added"u8, begun is RawPart ? begun : begun with { Notes = null });
        string words = First switch { TextPart text => text.Text, RefusalPart refusal => refusal.Text, _ => "" };
        if (words.Length > 0) WriteText(words);
        foreach (var citation in First is TextPart { Citations: var citations } ? citations : []) WriteCitation(citation);
    }

    public override void End(PartEnded e)
    {
        var folded = Folded(e);
        Signature = folded.Signature;
        ClosesMessage = e.Final is { } final && !ResponsesNotes.Silent(final.Notes, ResponsesNotes.Item).IsAbsent;
        Message!.OpenParts--;
        Message.Contents[_contentIndex] = new MessageContent(folded, _logprobs);
        if (folded is TextPart or RefusalPart)
        {
            Stream.Event(_isRefusal ? "response.refusal.done"u8 : "response.output_text.done"u8, (this, folded), static (json, s) =>
            {
                s.Item1.WritePlace(json);
                json.WriteString(s.Item1._isRefusal ? "refusal"u8 : "text"u8, s.folded is TextPart text ? text.Text : ((RefusalPart)s.folded).Text);
                if (s.Item1._isRefusal) return;
                json.WritePropertyName("logprobs"u8);
                ResponsesItemWriter.Logprobs(json, s.Item1._logprobs);
            });
        }
        PartEvent("response.content_part.done"u8, folded);
    }

    protected override void Write(Delta delta)
    {
        switch (delta)
        {
            case TextDelta { Text.Length: > 0 } text: WriteText(text.Text); break;
            case RefusalDelta { Text.Length: > 0 } text: WriteText(text.Text); break;
            case CitationDelta citation: WriteCitation(citation.Citation); break;
            case LogprobsDelta tokens: _logprobs.AddRange(tokens.Tokens); break;
            default: break;
        }
    }

    private void WriteText(string text)
    {
        if (_isRefusal)
        {
            Stream.Event("response.refusal.delta"u8, (this, text), static (json, s) =>
            {
                s.Item1.WritePlace(json);
                json.WriteString("delta"u8, s.text);
            });
            return;
        }
        Stream.Event("response.output_text.delta"u8, (this, text), static (json, s) =>
        {
            s.Item1.WritePlace(json);
            json.WriteString("delta"u8, s.text);
            json.WriteStartArray("logprobs"u8);
            json.WriteEndArray();
        });
    }

    private void WriteCitation(Citation citation)
    {
        if (!ResponsesItemWriter.IsAnnotation(citation))
        {
            Stream.Context.Losses.Dropped("output.citations", $"{WireFormatId.OpenAIResponses} has no annotation for a source of kind {citation.Kind}");
            return;
        }
        Stream.Event("response.output_text.annotation.added"u8, (this, citation), static (json, s) =>
        {
            s.Item1.WritePlace(json);
            json.WriteNumber("annotation_index"u8, s.Item1._annotations++);
            json.WritePropertyName("annotation"u8);
            ResponsesItemWriter.Annotation(json, s.citation, 0, s.Item1.Stream.Context);
        });
    }

    private void PartEvent(ReadOnlySpan<byte> type, Part content) => Stream.Event(type, (this, content), static (json, s) =>
    {
        s.Item1.WritePlace(json);
        json.WritePropertyName("part"u8);
        ResponsesMessageItem.WriteContent(json, new MessageContent(s.content, s.Item1._logprobs), s.Item1.Stream.Context);
    });

    private void WritePlace(System.Text.Json.Utf8JsonWriter json)
    {
        json.WriteString("item_id"u8, Message!.EncodedId);
        json.WriteNumber("output_index"u8, Message.OutputIndex);
        json.WriteNumber("content_index"u8, _contentIndex);
    }
}
