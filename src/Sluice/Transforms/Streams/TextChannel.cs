using System.Text;

namespace Sluice.Transforms.Streams;

/// <summary>Which of the texts that a stream carries side by side.</summary>
/// <param name="Candidate">Which answer.</param>
/// <param name="Part">Which part of it; texts of one part do not end each other.</param>
/// <param name="Field">The member that holds it.</param>
internal readonly record struct TextChannelId(int Candidate, int Part, string Field);

/// <summary>One of the texts of a stream on its way.</summary>
internal sealed class TextChannel(TextChannelId id, TextStream text, byte[] envelope, bool isRepeated)
{
    private readonly StringBuilder? _sent = isRepeated ? new StringBuilder() : null;
    private long _taken;

    public TextChannelId Id { get; } = id;

    /// <summary>What its events have in common, as members without braces.</summary>
    public byte[] Envelope { get; } = envelope;

    public string Feed(string piece)
    {
        _taken += piece.Length;
        string decided = text.Feed(piece);
        _sent?.Append(decided);
        return decided;
    }

    public string Flush()
    {
        string rest = text.Flush();
        _sent?.Append(rest);
        return rest;
    }

    /// <summary>What has gone out in place of a text; <see langword="null"/> where another text has come in.</summary>
    public string? Sent(string original) => _sent is not null && _taken == original.Length ? _sent.ToString() : null;
}
