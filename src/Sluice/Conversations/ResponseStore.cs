using System.Text.Json;
using Sluice.Chat;
using Sluice.Errors;
using Sluice.Formats.OpenAIResponses;
using Sluice.Wire;

namespace Sluice.Conversations;

/// <summary>
/// Serves <c>previous_response_id</c>, <c>item_reference</c> and <c>GET /v1/responses/{id}</c> over upstreams that keep nothing. A turn is kept as
/// the items that the client sent and got, because that is what a client without stored state would send the next time: expanding reads them with
/// the same codec, so nothing (ids, signatures, phases) is lost on the way. In memory, bounded by count, bytes and age, and seen only by the owner
/// that made it. Thread-safe.
/// </summary>
public sealed class ResponseStore
{
    // Codecs allow any length; a chain that runs in a circle cannot be made, since a turn names only turns before it.
    private const int MaxTurns = 10_000;

    private readonly BoundedMap<(string Owner, string Id), StoredResponse> _responses;
    private readonly BoundedMap<(string Owner, string Id), string> _items;

    /// <summary>Makes an empty store.</summary>
    public ResponseStore(ConversationBounds bounds, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        _responses = new(bounds.MaxCount, bounds.MaxBytes, bounds.MaxAge, time);
        _items = new(bounds.MaxCount > int.MaxValue / 8 ? int.MaxValue : bounds.MaxCount * 8, bounds.MaxBytes, bounds.MaxAge, time);
    }

    /// <summary>How many turns are kept.</summary>
    public int Count => _responses.Count;

    /// <summary>Bytes of the turns that are kept.</summary>
    public long Bytes => _responses.Bytes;

    /// <summary>Keeps a turn, unless its request said <c>store: false</c>.</summary>
    /// <param name="owner">The name of the client's key; what one owner stored is not there for another.</param>
    /// <param name="request">The request as it was decoded, before <see cref="Expand"/>.</param>
    /// <param name="requestBody">Its bytes; copied.</param>
    /// <param name="response">The <c>response</c> object that the client got, whole or from the stream's last event (<see cref="ResponseOfStream"/>); copied.</param>
    /// <returns>False when nothing was kept: not wanted, not complete, too large, or the turn before it is gone.</returns>
    public bool Remember(string owner, ChatRequest request, ReadOnlyMemory<byte> requestBody, ReadOnlyMemory<byte> response)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Store == false) return false;
        string? previous = request.PreviousResponseId;
        StoredResponse? before = null;
        if (previous is not null && !_responses.TryGet((owner, previous), out before)) return false;
        try
        {
            using var answer = JsonDocument.Parse(response);
            if (!IsStorable(answer.RootElement, out string id)) return false;
            using var asked = JsonDocument.Parse(requestBody);
            var stored = new StoredResponse(id, previous, StoredItems.OfRequest(asked.RootElement, id => FindItem(owner, id)), response.ToArray());
            if (!_responses.Set((owner, id), stored, stored.Bytes)) return false;
            if (before is not null) before.HasNext = true;
            foreach (var item in answer.RootElement.GetProperty("output"u8).EnumerateArray())
            {
                if (item.TryGetProperty("id"u8, out var itemId) && itemId.ValueKind == JsonValueKind.String) _items.Set((owner, itemId.GetString()!), id, 128);
            }
            return true;
        }
        catch (JsonException)
        {
            return false; // nothing that the client could name later
        }
    }

    /// <summary>
    /// Puts the stored conversation before a request that continues one, and stored items in the place of references to them. As with OpenAI, the
    /// instructions of earlier turns are not carried over.
    /// </summary>
    /// <returns>The whole request, or an error in OpenAI's words where something named is not there.</returns>
    public Outcome<ChatRequest> Expand(ChatRequest request, string owner)
    {
        ArgumentNullException.ThrowIfNull(request);
        bool references = request.Messages.Any(ResponsesItems.IsReference);
        if (request.PreviousResponseId is null && !references) return request;
        var messages = new List<ChatMessage>();
        int start = request.Messages is [{ } first, ..] && ResponsesItems.IsInstructions(first) ? 1 : 0;
        messages.AddRange(request.Messages.Take(start));
        if (request.PreviousResponseId is { } previous)
        {
            var stored = Conversation(owner, previous);
            if (stored is null) return StoredResponseErrors.PreviousNotFound(previous);
            var read = StoredItems.Read(stored);
            if (!read.IsSuccess) return read.Error;
            messages.AddRange(read.Value.Messages);
        }
        if (Resolve(owner, request.Messages.Skip(start), messages) is { } error) return error;
        return request with { Messages = messages, PreviousResponseId = null, UsesServerState = NamesOtherState(request) };
    }

    /// <summary>Finds a kept turn; <see langword="null"/> where there is none for this owner.</summary>
    public StoredResponse? Find(string owner, string id) => _responses.TryGet((owner, id), out var stored) && !stored.IsHidden ? stored : null;

    /// <summary>Deletes a turn. Later turns that build on it stay whole.</summary>
    /// <returns>False where there is none for this owner.</returns>
    public bool Delete(string owner, string id)
    {
        if (Find(owner, id) is not { } stored) return false;
        stored.IsHidden = true;
        if (!stored.HasNext) _responses.Remove((owner, id));
        return true;
    }

    /// <summary>
    /// The <c>response</c> object of the event that ends a stream, out of the bytes that the stream's encoder wrote last; <see langword="null"/> for
    /// bytes without such an event.
    /// </summary>
    public static ReadOnlyMemory<byte>? ResponseOfStream(ReadOnlyMemory<byte> written)
    {
        int at = Math.Max(written.Span.LastIndexOf("event: response.completed\n"u8), written.Span.LastIndexOf("event: response.incomplete\n"u8));
        if (at < 0) return null;
        var line = written[at..];
        int data = line.Span.IndexOf("\ndata: "u8);
        if (data < 0) return null;
        line = line[(data + 7)..];
        int end = line.Span.IndexOf((byte)'\n');
        var members = JsonMembers.Scan(end < 0 ? line : line[..end], out _);
        return members is not null && members.TryGet("response"u8, out var response) ? members.Body.Slice(response.ValueStart, response.ValueLength) : null;
    }

    private static bool IsStorable(JsonElement response, out string id)
    {
        id = "";
        if (response.ValueKind != JsonValueKind.Object || !response.TryGetProperty("id"u8, out var own) || own.ValueKind != JsonValueKind.String) return false;
        id = own.GetString()!;
        bool ended = response.TryGetProperty("status"u8, out var status) && status.ValueKind == JsonValueKind.String && (status.ValueEquals("completed"u8) || status.ValueEquals("incomplete"u8));
        return ended && id.Length > 0 && response.TryGetProperty("output"u8, out var output) && output.ValueKind == JsonValueKind.Array;
    }

    // The items of all turns up to the named one, in order. Looking at a turn keeps it, so a conversation that goes on stays whole.
    private List<RawJson>? Conversation(string owner, string id)
    {
        var turns = new Stack<StoredResponse>();
        for (string? at = id; at is not null; at = turns.Peek().PreviousId)
        {
            if (turns.Count == MaxTurns || !_responses.TryGet((owner, at), out var turn) || (turn.IsHidden && turns.Count == 0)) return null;
            turns.Push(turn);
        }
        return [.. turns.SelectMany(t => t.Items)];
    }

    private GatewayError? Resolve(string owner, IEnumerable<ChatMessage> own, List<ChatMessage> messages)
    {
        var waiting = new List<RawJson>();
        foreach (var message in own)
        {
            if (!ResponsesItems.IsReference(message))
            {
                if (Flush() is { } error) return error;
                messages.Add(message);
                continue;
            }
            string id = ReferencedId(message);
            var item = FindItem(owner, id);
            if (item.IsAbsent) return StoredResponseErrors.ItemNotFound(id);
            waiting.Add(item);
        }
        return Flush();

        // References in a row are read together: one item may carry what belongs to its neighbour.
        GatewayError? Flush()
        {
            if (waiting.Count == 0) return null;
            var read = StoredItems.Read(waiting);
            waiting.Clear();
            if (!read.IsSuccess) return read.Error;
            messages.AddRange(read.Value.Messages);
            return null;
        }
    }

    /// <summary>Whether an owner's item is kept here.</summary>
    internal bool HasItem(string owner, string id) => _items.TryGet((owner, id), out string? response) && _responses.TryGet((owner, response), out var stored) && !stored.IsHidden;

    private RawJson FindItem(string owner, string id)
    {
        if (!_items.TryGet((owner, id), out string? response) || !_responses.TryGet((owner, response), out var stored) || stored.IsHidden) return default;
        return stored.OutputItems().FirstOrDefault(i => i.ToElement() is var item && item.TryGetProperty("id"u8, out var own) && own.ValueKind == JsonValueKind.String && own.ValueEquals(id));
    }

    private static bool NamesOtherState(ChatRequest request) =>
        request.Notes?.Fields.Any(f => f.Key is "conversation" or "prompt" && !f.Value.IsNull) == true;

    private static string ReferencedId(ChatMessage message) => message.Parts[0].Id ?? "";
}
