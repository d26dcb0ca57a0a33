using Sluice.Chat;
using Sluice.Streaming;
using Sluice.Wire;

namespace Sluice.Engine;

/// <summary>Watches one attempt. Told by one flow of control; must not throw and must not wait.</summary>
internal abstract class AttemptFollower
{
    /// <summary>Whether it wants to see what the provider answers: frames, events, bodies.</summary>
    public virtual bool WantsAnswer => false;

    /// <summary>Puts a trace context on a request that is about to get the rules for its headers.</summary>
    public virtual void Propagate(HttpRequestMessage message) { }

    /// <summary>The request is complete and about to be sent.</summary>
    public virtual void Sending(PreparedRequest request, HttpRequestMessage message) { }

    /// <summary>The head of the answer has come.</summary>
    public virtual void Answered(HttpResponseMessage answer) { }

    /// <summary>A frame of a stream in the client's own format has come.</summary>
    public virtual void Frame(in StreamFrame frame) { }

    /// <summary>An event of a stream in another format has come.</summary>
    public virtual void Event(StreamEvent next) { }

    /// <summary>A whole answer has come; <paramref name="decoded"/> where it was read on the way.</summary>
    public virtual void Whole(ReadOnlyMemory<byte> body, ChatResponse? decoded) { }

    /// <summary>It has ended.</summary>
    public virtual void Ended(AttemptRecord record) { }
}
