namespace Sluice.Simulator.Hosting;

/// <summary>An answer before faults and delays: status, headers and the pieces of the body.</summary>
internal sealed class Reply
{
    public int Status { get; init; } = 200;

    public required string ContentType { get; init; }

    public required Frames Frames { get; init; }

    /// <summary>The vendor's headers, in the order in which they are sent.</summary>
    public List<KeyValuePair<string, string>> Headers { get; } = new(8);

    /// <summary>Sent piece by piece, without a length.</summary>
    public bool Streamed { get; init; }

    /// <summary>Writes the vendor's error event into a stream; null where the form of answer has none.</summary>
    public Action<Frames, ProviderError>? WriteStreamError { get; init; }

    public Reply With(string name, string value)
    {
        Headers.Add(new KeyValuePair<string, string>(name, value));
        return this;
    }
}
