using System.Text.Json;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>What every part of the request writer needs.</summary>
internal sealed class ChatWriteScope(ChatDialect dialect, TranslationContext context)
{
    /// <summary>The format.</summary>
    public ChatDialect Dialect { get; } = dialect;

    /// <summary>The call.</summary>
    public TranslationContext Context { get; } = context;

    /// <summary>What the upstream accepts.</summary>
    public ChatVendor Vendor { get; } = ChatVendor.Of(context.Vendor).WithReasoningIn(context.ReasoningMember);

    /// <summary>True when the client spoke this very format: everything goes out as it came in.</summary>
    public bool IsOwn { get; } = context.ClientFormat == dialect.Id;

    /// <summary>What was lost.</summary>
    public LossReport Losses => Context.Losses;

    /// <summary>A writer of an object with notes of this format.</summary>
    public MemberWriter Members(Utf8JsonWriter output, WireNotes? notes) => new(output, notes, Dialect.Id);

    /// <summary>A tool's name as this format allows it.</summary>
    public string ToolName(string name) => IsOwn ? name : Shared.ToolNames.Fit(name, Context);

    /// <summary>A call's id as this format allows it.</summary>
    public string CallId(string id) => IsOwn ? id : Dialect.CallId(id);

    /// <summary>True for a file that the upstream's vendor may know: uploads are not shared between vendors.</summary>
    public bool KnowsFiles => IsOwn || (!Dialect.IsMistral && Context.ClientFormat == WireFormatId.OpenAIResponses);
}
