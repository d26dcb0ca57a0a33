using System.Buffers;
using System.Text;
using Sluice.Formats.Json;
using Sluice.Wire;

namespace Sluice.Parameters;

/// <summary>Where a body of some format says how much to reason.</summary>
internal sealed class ReasoningInBody(WireFormatId format)
{
    private readonly bool _inObject = format == WireFormatId.OpenAIResponses;
    private readonly bool _isAnthropic = format == WireFormatId.AnthropicMessages;

    /// <summary>True or false where the body says so, <see langword="null"/> where it leaves it open.</summary>
    public bool? Wanted(JsonMembers members)
    {
        if (!_isAnthropic) return Effort(members) is { } effort ? effort != "none" : null;
        return Inner(members, "thinking"u8)?.GetString("type"u8) switch
        {
            "enabled" or "adaptive" => true,
            "disabled" => false,
            _ => null,
        };
    }

    /// <summary>Replaces an effort that the model does not know by the nearest.</summary>
    public void FitEffort(ParameterRule rule, JsonMembers members, JsonEdits edits, ref LazyLosses losses)
    {
        if (_isAnthropic || Effort(members) is not { } asked) return;
        string? fitted = asked == "none" && !rule.Efforts.Contains("none") ? rule.Efforts[0] : Parameters.Effort.Nearest(asked, rule.Efforts);
        if (fitted is null || fitted == asked) return;
        byte[] json = Encoding.UTF8.GetBytes($"\"{fitted}\"");
        if (_inObject) SetInner(members, edits, "reasoning"u8, "effort"u8, json);
        else edits.Set("reasoning_effort"u8, json);
        losses.Changed("reasoning.effort", $"{rule.Why}: {asked} became {fitted}");
    }

    /// <summary>Takes the effort out of its object.</summary>
    public void Drop(ParameterRule rule, JsonMembers members, JsonEdits edits, ref LazyLosses losses)
    {
        if (_isAnthropic)
        {
            if (!members.TryGet("output_config"u8, out _) || edits.Inside("output_config"u8) is not { } config || !config.Members.TryGet("effort"u8, out _)) return;
            config.Remove("effort"u8);
        }
        else
        {
            if (!_inObject || Effort(members) is null) return;
            edits.Remove("reasoning"u8);
        }
        losses.Dropped("reasoning.effort", rule.Why);
    }

    /// <summary>Sets a member of an object below the top level.</summary>
    public static void SetInner(JsonMembers members, JsonEdits edits, ReadOnlySpan<byte> name, ReadOnlySpan<byte> member, byte[] json)
    {
        if (Inner(members, name) is not { } inner) return;
        var innerEdits = new JsonEdits(inner);
        innerEdits.Set(member, json);
        var edited = new ArrayBufferWriter<byte>(inner.Body.Length + json.Length);
        innerEdits.Apply(edited);
        edits.Set(name, edited.WrittenMemory);
    }

    /// <summary>The members of an object below the top level; <see langword="null"/> where there is none.</summary>
    public static JsonMembers? Inner(JsonMembers members, ReadOnlySpan<byte> name) =>
        members.TryGet(name, out var member) && members.Value(member)[0] == (byte)'{' ? JsonMembers.Scan(members.Body.Slice(member.ValueStart, member.ValueLength), out _) : null;

    private string? Effort(JsonMembers members) => _inObject ? Inner(members, "reasoning"u8)?.GetString("effort"u8) : members.GetString("reasoning_effort"u8);
}
