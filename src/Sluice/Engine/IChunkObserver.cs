namespace Sluice.Engine;

/// <summary>Is told when pieces of streamed answers arrive. Must not throw and must not wait.</summary>
internal interface IChunkObserver
{
    /// <summary>Whether anybody measures them.</summary>
    bool WantsChunks { get; }

    /// <summary>A piece has come, so long after the one before.</summary>
    void Chunk(Attempt attempt, TimeSpan gap);
}
