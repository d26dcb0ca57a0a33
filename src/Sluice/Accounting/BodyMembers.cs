using System.Collections.Frozen;
using System.Text;

namespace Sluice.Accounting;

/// <summary>What a member of a request means for its tokens.</summary>
internal enum MemberKind
{
    /// <summary>Texts in it are read by the model.</summary>
    Text,

    /// <summary>It begins a message.</summary>
    Role,

    /// <summary>It declares tools or the form of the answer: counted by size.</summary>
    Schema,

    /// <summary>It holds a picture, a sound or a file, as base64 or data URL.</summary>
    Data,

    /// <summary>It holds the address of a picture or a file.</summary>
    Address,

    /// <summary>Settings and ids: no model reads them.</summary>
    Ignored,

    /// <summary>A word of the protocol; what it holds is looked at all the same.</summary>
    Word,
}

/// <summary>The members of the formats by meaning.</summary>
internal static class BodyMembers
{
    private static readonly FrozenDictionary<string, MemberKind> Kinds = new (MemberKind Kind, string Names)[]
    {
        (MemberKind.Role, "role"),
        (MemberKind.Schema, "tools functions response_format output_format output_config responseSchema response_schema responseJsonSchema response_json_schema"),
        (MemberKind.Data, "data file_data image_url bytes images"),
        (MemberKind.Address, "url uri fileUri file_uri"),
        (MemberKind.Ignored, "metadata stream_options safetySettings safety_settings moderation cache_control tool_choice toolConfig tool_config logit_bias options keep_alive"),
        (MemberKind.Word, "model type id tool_call_id call_id tool_use_id toolUseId status media_type mime_type mimeType detail user service_tier signature thoughtSignature thought_signature encrypted_content file_id previous_response_id format object effort ttl reasoning_effort prompt_cache_key phase filename include cachedContent conversation stop"),
    }.SelectMany(group => group.Names.Split(' ').Select(name => (name, group.Kind))).ToFrozenDictionary(m => m.name, m => m.Kind, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, MemberKind>.AlternateLookup<ReadOnlySpan<char>> ByName = Kinds.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly int Longest = Kinds.Keys.Max(k => k.Length);

    /// <summary>The meaning of a member by its name in UTF-8; what is unknown counts as text.</summary>
    public static MemberKind KindOf(ReadOnlySpan<byte> name)
    {
        if (name.Length > Longest) return MemberKind.Text;
        Span<char> chars = stackalloc char[name.Length];
        return ByName.TryGetValue(chars[..Encoding.Latin1.GetChars(name, chars)], out var kind) ? kind : MemberKind.Text;
    }
}
