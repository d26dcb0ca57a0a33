using Sluice.Errors;

namespace Sluice.Wire;

/// <summary>
/// A format whose servers keep things between calls (turns, conversations, containers) that later requests name by id. They keep them for whoever holds the
/// provider's key; who of a gateway's clients made which is the gateway's to know.
/// </summary>
public interface IServerStateFormat : IWireFormat
{
    /// <summary>What a request names of what a server keeps, however often and wherever it stands; empty for nothing, as mostly.</summary>
    IReadOnlyList<StateReference> StateNamed(JsonMembers request);

    /// <summary>Whether the answer to a request may tell ids that a later request can name.</summary>
    bool MakesState(JsonMembers request);

    /// <summary>The ids that an answer, or one event of it, tells.</summary>
    /// <param name="data">A whole answer or an event's data.</param>
    /// <param name="isLast">True for a whole answer and for the event that ends a stream: these alone must be read to their end.</param>
    IReadOnlyList<string> StateMade(ReadOnlyMemory<byte> data, bool isLast);

    /// <summary>Whether a request asks for an answer that a server works on after it has answered, or after its client has left.</summary>
    bool RunsOn(JsonMembers request) => false;

    /// <summary>Which answer a body or an event tells of, and how far it is; <see langword="null"/> where it does not say.</summary>
    AnswerProgress? Progress(ReadOnlyMemory<byte> data) => null;

    /// <summary>That there is no such thing, in the words of the format's servers.</summary>
    GatewayError StateNotFound(StateReference reference);
}

/// <summary>How far an answer is that a server keeps.</summary>
/// <param name="Id">Its id.</param>
/// <param name="RunsOn">True while it is worked on.</param>
/// <param name="HasFailed">True where there will be none.</param>
public readonly record struct AnswerProgress(string Id, bool RunsOn, bool HasFailed);

/// <summary>Something that a server keeps, as a request names it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Param">Where it stands in the request.</param>
public readonly record struct StateReference(StateKind Kind, string Id, string Param)
{
    /// <summary>True where the request holds the thing itself, and names it besides: what nobody has seen may then be anyone's own.</summary>
    public bool IsCopy { get; init; }
}

/// <summary>What servers keep.</summary>
public enum StateKind
{
    /// <summary>An answer with the turns before it.</summary>
    Response,

    /// <summary>A conversation.</summary>
    Conversation,

    /// <summary>One item of a conversation.</summary>
    Item,

    /// <summary>A machine that code was run on, with its files.</summary>
    Container,
}
