using System.Security.Cryptography;
using System.Text;
using Sluice.Chat;
using Sluice.Formats.Json;
using Sluice.Parameters;
using Sluice.Providers;
using Sluice.Wire;

namespace Sluice.Routing;

/// <summary>What is changed in every request because a vendor's servers would refuse it: its <see cref="VendorQuirks"/>, and what the configuration says of them.</summary>
internal sealed class TargetQuirks
{
    private readonly Dictionary<string, string> _roles;
    private readonly Dictionary<string, int> _careful;
    private readonly KeyValuePair<string, int>[] _lengths;
    private readonly MetadataBounds? _metadata;
    private readonly RolesInBody? _rolesInBody;
    private readonly bool _refusesEmptyTools;

    public TargetQuirks(ProviderModel provider)
    {
        var (vendor, own) = (provider.Vendor.Quirks, provider.Config.Quirks);
        _roles = new(vendor.Roles, StringComparer.Ordinal);
        foreach (var (role, other) in own.Roles) _roles[role] = other;
        foreach (string same in _roles.Where(r => r.Key == r.Value).Select(r => r.Key).ToArray()) _roles.Remove(same);
        var lengths = new Dictionary<string, int>(vendor.Lengths, StringComparer.Ordinal);
        foreach (var (name, most) in own.Lengths) lengths[name] = most;
        var careful = new Dictionary<string, int>(vendor.CarefulLengths, StringComparer.Ordinal);
        foreach (var (name, most) in lengths) careful[name] = most;
        _lengths = [.. lengths];
        _careful = careful;
        _metadata = vendor.Metadata;
        _rolesInBody = _roles.Count == 0 ? null : new RolesInBody(_roles);
        _refusesEmptyTools = vendor.RefusesEmptyTools;
    }

    /// <summary>Fits a request that is translated.</summary>
    public ChatRequest Apply(ChatRequest request, LossReport losses)
    {
        if (_roles.Count > 0 && request.Messages.Any(m => _roles.ContainsKey(m.Role.Value))) request = request with { Messages = [.. request.Messages.Select(m => Reworded(m, losses))] };
        if (Short("user", request.User, losses) is { } user) request = request with { User = user };
        if (Short("prompt_cache_key", request.PromptCacheKey, losses) is { } key) request = request with { PromptCacheKey = key };
        if (_metadata is not null && !request.Metadata.IsAbsent && JsonMembers.Scan(request.Metadata.Utf8, out _) is { } members)
        {
            var edits = new JsonEdits(members);
            var found = new LazyLosses();
            Bound(edits, _metadata, ref found);
            if (edits.IsEmpty) return request;
            losses.Add(found.Report!);
            request = request with { Metadata = new RawJson(Written(edits)) };
        }
        return request;
    }

    /// <summary>Fits a body of the vendor's own format.</summary>
    public void Apply(JsonEdits edits, IWireFormat format, ref LazyLosses losses)
    {
        if (format.Operation != WireOperation.Chat) return;
        if (format.MessagesMember is { } messages) _rolesInBody?.Apply(edits, Encoding.UTF8.GetBytes(messages), ref losses);
        foreach (var (name, most) in _lengths)
        {
            if (format.Parameters.Find(name) is not { } place) continue;
            var spelled = new BodyPlace(place);
            if (spelled.Holder(edits) is not { } holder) continue;
            foreach (byte[] member in spelled.Names)
            {
                // No text has more characters than bytes.
                if (!holder.Members.TryGet(member, out var found) || found.ValueLength - 2 <= most || holder.Members.GetString(member) is not { } text || text.Length <= most) continue;
                holder.Set(member, JsonOutput.QuotedString(Digest(text, most)));
                losses.Changed(name, Why(most));
            }
        }
        if (_metadata is not null && format.Parameters.Find("metadata") is not null && edits.Inside("metadata"u8) is { } labels) Bound(labels, _metadata, ref losses);
        if (_refusesEmptyTools) EmptyTools.Remove(edits);
    }

    private static string Why(int most) => $"at most {most} characters are taken: its digest was sent";

    // The same text has the same digest, so that what it stands for stays one.
    private static string Digest(string text, int most)
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return digest.Length <= most ? digest : digest[..most];
    }

    private static void Bound(JsonEdits labels, MetadataBounds bounds, ref LazyLosses losses)
    {
        int kept = 0;
        var members = labels.Members;
        for (int i = 0; i < members.Count; i++)
        {
            var (member, name) = (members[i], members.Body.Slice(members[i].NameStart, members[i].NameLength));
            bool fits = Fits(name.Span, bounds.Key) && Fits(members.Value(member), bounds.Value);
            if (fits && kept++ < bounds.Pairs) continue;
            labels.Remove(name.Span);
            losses.Dropped("metadata", $"at most {bounds.Pairs} pairs are taken, of {bounds.Key} and {bounds.Value} characters");
        }
    }

    private static bool Fits(ReadOnlySpan<byte> text, int most) => text.Length <= most || Encoding.UTF8.GetCharCount(text) - (text[0] == (byte)'"' ? 2 : 0) <= most;

    private static ReadOnlyMemory<byte> Written(JsonEdits edits)
    {
        var written = new System.Buffers.ArrayBufferWriter<byte>(edits.Members.Body.Length);
        edits.Apply(written);
        return written.WrittenMemory;
    }

    private string? Short(string name, string? text, LossReport losses)
    {
        if (text is null || !_careful.TryGetValue(name, out int most) || text.Length <= most) return null;
        losses.Changed(name, Why(most));
        return Digest(text, most);
    }

    private ChatMessage Reworded(ChatMessage message, LossReport losses)
    {
        if (!_roles.TryGetValue(message.Role.Value, out string? other)) return message;
        var role = new Role(other);
        if (!(message.Role.IsInstruction && role.IsInstruction)) losses.Changed("messages[].role", $"the provider takes no role '{message.Role.Value}': {other} was sent");
        return message with { Role = role };
    }
}
