using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Errors;
using Sluice.Transforms.Json;
using Sluice.Transforms.Rules;
using Sluice.Transforms.Streams;
using Sluice.Transforms.Texts;
using Sluice.Wire;

namespace Sluice.Transforms;

/// <summary>
/// Applies rules to a streamed answer, event by event, in the client's dialect: first the edits by path, then search and replace. Texts are held back
/// by at most the windows of the rules, and let go where a text ends. One object a stream; not thread-safe.
/// </summary>
internal sealed class StreamTransform
{
    private readonly IDialectTexts _dialect;
    private readonly TransformRule[] _edits;
    private readonly TextReplacement[] _texts;
    private readonly EventFraming _framing;
    private readonly LossReport _losses;
    private readonly Dictionary<TextChannelId, TextChannel> _channels = [];
    private long? _number;
    private int _made;

    public StreamTransform(IDialectTexts dialect, TransformRule[] rules, EventFraming framing, LossReport losses)
    {
        (_dialect, _framing, _losses) = (dialect, framing, losses);
        _edits = [.. rules.Where(r => r.Edit is not null)];
        _texts = [.. rules.Select(r => r.Text).OfType<TextReplacement>()];
    }

    /// <summary>Why a rule could not be applied in time; from then on nothing is written.</summary>
    public GatewayError? Failure { get; private set; }

    /// <summary>Takes an event and writes what becomes of it.</summary>
    /// <param name="frame">The event.</param>
    /// <param name="raw">Its bytes as they came.</param>
    /// <param name="output">The client's body.</param>
    public void Take(in StreamFrame frame, ReadOnlyMemory<byte> raw, IBufferWriter<byte> output)
    {
        if (Failure is not null) return;
        if (JsonTree.Parse(frame.Data) is not { } tree)
        {
            Unread(frame, raw, output);
            return;
        }
        try
        {
            var data = Transformed(frame.Data, tree, output);
            if (data.Equals(frame.Data)) _framing.Unchanged(frame, raw, output);
            else _framing.Changed(frame, raw, data.Span, output);
        }
        catch (RegexMatchTimeoutException)
        {
            Failure = CallTransforms.TooSlow;
        }
    }

    /// <summary>Writes what is still held back: the stream ends or breaks here.</summary>
    public void Flush(IBufferWriter<byte> output)
    {
        if (Failure is not null) return;
        try
        {
            foreach (var channel in _channels.Values) Continue(channel, channel.Flush(), output);
        }
        catch (RegexMatchTimeoutException)
        {
            Failure = CallTransforms.TooSlow;
        }
    }

    // Of what is no JSON only OpenAI's end mark passes: what no rule can look into must not pass by the rules.
    private void Unread(in StreamFrame frame, ReadOnlyMemory<byte> raw, IBufferWriter<byte> output)
    {
        if (!frame.Data.Span.SequenceEqual("[DONE]"u8))
        {
            _losses.Dropped("event", "it is no JSON, so no rule can look into it");
            return;
        }
        Flush(output);
        _framing.Unchanged(frame, raw, output);
    }

    private ReadOnlyMemory<byte> Transformed(ReadOnlyMemory<byte> data, JsonTree tree, IBufferWriter<byte> output)
    {
        data = EditByPath(data, ref tree);
        return _texts.Length > 0 ? Replace(data, tree, output) : data;
    }

    private ReadOnlyMemory<byte> EditByPath(ReadOnlyMemory<byte> data, ref JsonTree tree)
    {
        foreach (var rule in _edits)
        {
            data = Edit(rule, data, ref tree, EditScope.Event(addsToRoot: !_dialect.HasEventTypes));
            if (_dialect.AnswerOf(tree) is >= 0 and var answer) data = Edit(rule, data, ref tree, EditScope.Answer(answer));
        }
        return data;
    }

    private ReadOnlyMemory<byte> Edit(TransformRule rule, ReadOnlyMemory<byte> data, ref JsonTree tree, EditScope scope)
    {
        var edits = new TreeEdits(tree);
        if (rule.Edit!.Apply(tree, edits, scope) is { } obstacle) _losses.Dropped(rule.Name, obstacle);
        return Applied(edits, data, ref tree);
    }

    private ReadOnlyMemory<byte> Replace(ReadOnlyMemory<byte> data, JsonTree tree, IBufferWriter<byte> output)
    {
        var texts = new EventTexts(tree);
        _dialect.Event(texts);
        var pieces = new Dictionary<TextChannelId, (int Node, string Text)>();
        var edits = new TreeEdits(tree);
        int numbered = tree.Find(JsonTree.Root, "sequence_number"u8);
        if (numbered >= 0 && Utf8Parser.TryParse(tree.Raw(numbered), out long number, out _)) _number = number;
        foreach (var item in texts.Items)
        {
            switch (item.Kind)
            {
                case EventTextKind.Piece:
                    var channel = Channel(item, tree);
                    string decided = channel.Feed(tree.Text(item.Node));
                    // A text may stand in two pieces of one event: the second takes the place of the first for what follows.
                    pieces[item.Id] = (item.Node, decided);
                    edits.Replace(item.Node, JsonStrings.Quote(decided));
                    break;
                case EventTextKind.Repeat:
                    string original = tree.Text(item.Node);
                    string repeated = _channels.GetValueOrDefault(item.Id)?.Sent(original) ?? TextStream.Apply(_texts, original, item.IsJson);
                    if (!string.Equals(original, repeated, StringComparison.Ordinal)) edits.Replace(item.Node, JsonStrings.Quote(repeated));
                    break;
                default: End(item, pieces, edits, output); break;
            }
        }
        BodyTransform.Replace(texts.Whole, edits, _texts, _losses);
        // Events that were put in move the numbers of those that follow.
        if (numbered >= 0 && _made > 0) edits.Replace(numbered, Encoding.ASCII.GetBytes((_number + _made)?.ToString(CultureInfo.InvariantCulture) ?? "0"));
        _number++;
        return Applied(edits, data, ref tree);
    }

    // What a text still held goes into this event where it has a place for it, or into one of its own before it.
    private void End(in EventText end, Dictionary<TextChannelId, (int Node, string Text)> pieces, TreeEdits edits, IBufferWriter<byte> output)
    {
        foreach (var (id, channel) in _channels)
        {
            if (!end.Ends(id)) continue;
            string rest = channel.Flush();
            if (rest.Length == 0) continue;
            if (pieces.TryGetValue(id, out var piece))
            {
                pieces[id] = (piece.Node, piece.Text + rest);
                edits.Replace(piece.Node, JsonStrings.Quote(piece.Text + rest));
            }
            else
            {
                Continue(channel, rest, output);
            }
        }
    }

    private void Continue(TextChannel channel, string text, IBufferWriter<byte> output)
    {
        if (text.Length == 0) return;
        byte[] data = _dialect.Continue(channel, text, _number + _made);
        _framing.New(Encoding.UTF8.GetBytes(_dialect.EventName(channel)), data, output);
        _made++;
    }

    private TextChannel Channel(in EventText item, JsonTree tree)
    {
        if (!_channels.TryGetValue(item.Id, out var channel))
        {
            channel = new TextChannel(item.Id, TextStream.Create(_texts, item.IsJson), _dialect.Envelope(tree), _dialect.RepeatsTexts);
            _channels[item.Id] = channel;
        }
        return channel;
    }

    private static ReadOnlyMemory<byte> Applied(TreeEdits edits, ReadOnlyMemory<byte> data, ref JsonTree tree)
    {
        if (edits.IsEmpty) return data;
        byte[] edited = edits.Apply();
        tree = JsonTree.Parse(edited)!;
        return edited;
    }
}
