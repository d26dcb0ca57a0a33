using System.Text.Json;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Formats.OpenAIChat;

/// <summary>
/// Writes a whole answer for a client. Every member that the official SDKs declare as required is there (openai.json <c>CreateChatCompletionResponse</c>).
/// </summary>
internal sealed class ChatResponseWriter(ChatDialect dialect, TranslationContext context)
{
    private readonly bool _isOwn = context.UpstreamFormat == dialect.Id;

    /// <summary>Writes the body.</summary>
    public void Write(Utf8JsonWriter output, ChatResponse response)
    {
        context.Losses.Unknown(response.Notes, dialect.Id, "");
        var members = new MemberWriter(output, response.Notes, dialect.Id);
        output.WriteStartObject();
        if (!members.Silent("id") && !(_isOwn && response.Id.Length == 0)) output.WriteString("id", response.Id.Length > 0 ? response.Id : context.Ids.Next("chatcmpl-"));
        if (members.Spelling["~object"] is var kind && !kind.IsNull) output.WriteString("object", members.Spelling.Text("~object") ?? "chat.completion");
        if (!members.Silent("created") && !(_isOwn && response.CreatedAt is null)) output.WriteNumber("created", (response.CreatedAt ?? context.Time.GetUtcNow()).ToUnixTimeSeconds());
        if (!members.Silent("model") && !(_isOwn && response.Model.Length == 0)) output.WriteString("model", response.Model.Length > 0 ? response.Model : context.UpstreamModel);
        output.WriteStartArray("choices");
        foreach (var candidate in response.Candidates) new ChatChoiceWriter(dialect, context, _isOwn).Write(output, candidate);
        output.WriteEndArray();
        if (response.Usage is { } usage && !members.Spelling.Has("~usage")) ChatUsage.Write(output, usage, dialect.Id);
        else members.Silent("usage");
        members.Text("service_tier", ServiceTier(response.ServiceTier));
        members.Text("system_fingerprint", response.SystemFingerprint);
        members.Rest();
        output.WriteEndObject();
    }

    private string? ServiceTier(string? tier) => _isOwn || tier is "auto" or "default" or "flex" or "scale" or "priority" ? tier : tier is "standard" ? "default" : null;
}
