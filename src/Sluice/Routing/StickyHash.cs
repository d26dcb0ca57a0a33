using System.Text;
using System.Text.Json;
using Sluice.Configuration;
using Sluice.Engine;

namespace Sluice.Routing;

/// <summary>A number that is the same for the same caller, so that a provider's prompt cache hits.</summary>
internal static class StickyHash
{
    private const int PrefixBytes = 2048;
    private const ulong Start = 14695981039346656037;

    private static byte[][] PromptMembers { get; } = Names("messages", "input", "contents", "prompt");

    private static byte[][] InstructionMembers { get; } = Names("system", "instructions", "systemInstruction", "system_instruction");

    /// <summary>The caller's number; <see langword="null"/> where nothing identifies the caller.</summary>
    public static ulong? Of(StickyKey key, CallContext call) => key switch
    {
        StickyKey.Prefix => Prefix(call),
        StickyKey.Session => Text(call.Inbound.Headers.Get("x-sluice-session")) ?? User(call),
        _ => User(call),
    };

    /// <summary>The number of a name.</summary>
    public static ulong Of(string name) => Mix(Add(Start, Encoding.UTF8.GetBytes(name)));

    /// <summary>Spreads a number over all bits (the finalizer of MurmurHash3).</summary>
    public static ulong Mix(ulong hash)
    {
        unchecked
        {
            hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
            hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
            return hash ^ (hash >> 33);
        }
    }

    private static ulong? Text(string? text) => string.IsNullOrEmpty(text) ? null : Of(text);

    private static ulong? User(CallContext call) => Text(UserOf(call) ?? call.Inbound.Caller?.Name);

    // OpenAI: user, now safety_identifier; Anthropic: metadata.user_id.
    private static string? UserOf(CallContext call)
    {
        var members = call.Members;
        if (call.Inbound.Format is Client.DirectFormat) return call.Chat is { IsSuccess: true } chat ? chat.Value.User : null;
        if (members.GetString("user"u8) is { } user) return user;
        if (members.GetString("safety_identifier"u8) is { } identifier) return identifier;
        if (!members.TryGet("metadata"u8, out var metadata)) return null;
        return Wire.JsonMembers.Scan(members.Body.Slice(metadata.ValueStart, metadata.ValueLength), out _)?.GetString("user_id"u8);
    }

    // The instructions and the first turn stay the same while a conversation grows.
    private static ulong? Prefix(CallContext call)
    {
        if (call.Inbound.Format is Client.DirectFormat) return call.Chat is { IsSuccess: true } chat ? Prefix(chat.Value) : null;
        var members = call.Members;
        ulong hash = Start;
        foreach (byte[] name in InstructionMembers)
        {
            if (members.TryGet(name, out var member)) hash = Add(hash, Cut(members.Value(member)));
        }
        foreach (byte[] name in PromptMembers)
        {
            if (members.TryGet(name, out var member)) return Mix(Add(hash, Cut(FirstTurn(members.Value(member)))));
        }
        return null;
    }

    private static ulong? Prefix(Chat.ChatRequest request)
    {
        ulong hash = Start;
        foreach (var message in request.Messages)
        {
            foreach (var text in message.Parts.OfType<Chat.TextPart>()) hash = Add(hash, Cut(Encoding.UTF8.GetBytes(text.Text)));
            if (message.Role == Chat.Role.User) break;
        }
        return Mix(hash);
    }

    // Messages up to the first of the user; a prompt that is one text is taken as it is.
    private static ReadOnlySpan<byte> FirstTurn(ReadOnlySpan<byte> prompt)
    {
        if (prompt[0] != (byte)'[') return prompt;
        var reader = new Utf8JsonReader(prompt);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }
            if (IsOfUser(ref reader)) return prompt[..(int)reader.BytesConsumed];
        }
        return prompt;
    }

    // Leaves the reader at the end of the message. Gemini's turns need not name a role.
    private static bool IsOfUser(ref Utf8JsonReader reader)
    {
        string? role = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isRole = reader.ValueTextEquals("role"u8);
            reader.Read();
            if (isRole && reader.TokenType == JsonTokenType.String) role = reader.GetString();
            else reader.Skip();
        }
        return role is null or "user";
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> bytes) => bytes[..Math.Min(PrefixBytes, bytes.Length)];

    // FNV-1a: the same in every process, unlike the runtime's own string hashes.
    private static ulong Add(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes) hash = unchecked((hash ^ b) * 1099511628211);
        return hash;
    }

    private static byte[][] Names(params string[] names) => [.. names.Select(Encoding.UTF8.GetBytes)];
}
