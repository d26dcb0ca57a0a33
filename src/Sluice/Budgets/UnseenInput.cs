using System.Text.Json;
using Sluice.Engine;
using Sluice.Wire;

namespace Sluice.Budgets;

/// <summary>Whether a request brings input that does not stand in it: an earlier turn that the provider keeps, a file by its id or address. It may fill the model's whole window.</summary>
internal static class UnseenInput
{
    /// <summary>The window of a model that nobody knows: the largest usual one.</summary>
    public const long UsualWindow = 1_048_576;

    /// <summary>Whether there is such input.</summary>
    public static bool IsIn(CallContext call)
    {
        if (call.Inbound.Format is Client.DirectFormat) return call.Chat is { IsSuccess: true, Value: { } request } && (request.UsesServerState || request.PreviousResponseId is not null);
        var names = call.Inbound.Format.Parameters.StateNames;
        return names.All.Count > 0 && IsIn(call.Members.Body.Span, names);
    }

    private static bool IsIn(ReadOnlySpan<byte> body, MemberNames names)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 1024 });
        bool hasDocument = false, hasAddress = false;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            int depth = reader.CurrentDepth;
            bool isType = reader.ValueTextEquals("type"u8), isAddress = reader.ValueTextEquals("url"u8);
            string? state = StateOf(ref reader, names);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String)
            {
                if (isType && reader.ValueTextEquals("item_reference"u8)) return true;
                hasDocument |= isType && reader.ValueTextEquals("document"u8);
                bool isElsewhere = reader.ValueSpan.Length > 0 && !reader.ValueSpan.StartsWith("data:"u8);
                hasAddress |= isAddress && isElsewhere;
                // A prompt that is a text stands in the request.
                if (state is not null and not "prompt" && isElsewhere) return true;
            }
            // Below, an object of such a name is the schema of a tool's argument.
            else if (reader.TokenType == JsonTokenType.StartObject && state is not null && (depth == 1 || state.EndsWith("_url", StringComparison.Ordinal))) return true;
        }
        return hasDocument && hasAddress;
    }

    private static string? StateOf(ref Utf8JsonReader reader, MemberNames names)
    {
        Span<byte> name = stackalloc byte[128];
        if (reader.ValueSpan.Length > name.Length) return null;
        int length;
        try
        {
            length = reader.CopyString(name);
        }
        catch (InvalidOperationException)
        {
            // Halves of signs: the name of nothing.
            return null;
        }
        int place = names.Find(name[..length], out _);
        return place < 0 ? null : names.All[place];
    }
}
