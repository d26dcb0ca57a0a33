using Sluice.Catalog;
using Sluice.Chat;
using Sluice.Engine.Buffers;
using Sluice.Formats.Json;
using Sluice.Providers;
using Sluice.Routing;
using Sluice.Wire;

namespace Sluice.Engine.Continuing;

/// <summary>Asks a target to go on from a text, in the way of its vendor.</summary>
internal static class Prefills
{
    private const string Capability = "assistant_prefill";
    private const int CharactersOfToken = 4;

    /// <summary>True for a request whose answer can be gone on with at all: a model that thinks first, or answers by a schema, takes no beginning.</summary>
    public static bool Fits(ChatRequest request) =>
        request.Reasoning?.Wanted != true && request.AnswerFormat is null or { Type: "text" } && request.CandidateCount is null or 1 && request.Messages is not [.., { Role.Value: "assistant" }];

    /// <summary>True for a target that goes on from a given text.</summary>
    public static bool Can(TargetModel target, GatewayModel gateway)
    {
        if (target.Provider.Vendor.Prefill is not { } prefill || target.ChatFormat is null) return false;
        bool? known = Known(target, gateway)?.Can(Capability);
        // What the vendor's entry says is of its usual models.
        return prefill.OnlyKnown || target.Formats.Rule is not null ? known == true : known != false;
    }

    /// <summary>The request with the text so far as its last message.</summary>
    public static ChatRequest With(ChatRequest request, BrokenStream broken) => request with
    {
        Messages = [.. request.Messages, new ChatMessage(Role.Assistant, [new TextPart(broken.Prefill)])],
        MaxTokens = request.MaxTokens is { } most ? Math.Max(1, most - (broken.Prefill.Length / CharactersOfToken)) : null,
    };

    /// <summary>The encoded body with what the vendor wants besides. Takes over the buffer.</summary>
    public static PooledBuffer Mark(PooledBuffer body, VendorPrefill prefill, BufferAccount? account)
    {
        if (prefill.Way == "assistant") return body;
        var members = JsonMembers.Scan(body.Written, out _)!;
        var edits = new JsonEdits(members);
        if (prefill.Way == "final_message")
        {
            edits.Set("continue_final_message"u8, "true"u8.ToArray());
            edits.Set("add_generation_prompt"u8, "false"u8.ToArray());
        }
        else if (members.TryGet("messages"u8, out var messages))
        {
            // Before the brace that ends the last message.
            int brace = messages.ValueStart + members.Value(messages).LastIndexOf((byte)'}');
            edits.Replace(brace, brace, ",\"prefix\":true"u8.ToArray());
        }
        var marked = new PooledBuffer(body.Length + 64, account);
        edits.Apply(marked);
        body.Dispose();
        return marked;
    }

    /// <summary>The address on which the vendor goes on with answers.</summary>
    public static Uri Address(Uri usual, VendorPrefill? prefill)
    {
        if (prefill?.Segment is not { } segment || usual.AbsolutePath.StartsWith($"/{segment}/", StringComparison.Ordinal)) return usual;
        return Providers.ExactUri.Of($"{usual.GetLeftPart(UriPartial.Authority)}/{segment}{usual.AbsolutePath}{usual.Query}");
    }

    private static CatalogModel? Known(TargetModel target, GatewayModel gateway) => gateway.Costs.Book.Model(target.Provider.Config, target.Model);
}
