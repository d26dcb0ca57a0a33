using System.Text;
using System.Text.Json;
using Sluice.Configuration.Binding;
using Sluice.Configuration.Yaml;
using Sluice.Storage;

namespace Sluice.Access.Administration;

/// <summary>Acts on keys for the audit log: what changed, without secrets.</summary>
internal static class KeyActs
{
    public static AuditEntry Of(string act, Administrator who, KeyRecord? before, KeyRecord after, DateTimeOffset now) =>
        new(now, who.Name, act, after.Id) { Address = who.Address, RequestId = who.RequestId, Detail = Detail(before, after) };

    private static string Detail(KeyRecord? before, KeyRecord after)
    {
        var was = before is null ? null : KeySettings.Of(before, isShown: true);
        var now = KeySettings.Of(after, isShown: true);
        using var stream = new MemoryStream();
        using (var w = new Utf8JsonWriter(stream))
        {
            w.WriteStartObject();
            w.WriteString("name"u8, after.Name);
            if (was is not null) Changed(w, "before", was, now);
            Changed(w, "after", now, was);
            if (after.PreviousUntil is { } until && until != before?.PreviousUntil) w.WriteString("previous_until"u8, KeySettings.Text(until));
            w.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Changed(Utf8JsonWriter w, string name, MapNode of, MapNode? than)
    {
        var changed = of.Entries.Where(e => than?[e.Key] is not { } other || Text(other) != Text(e.Value)).ToArray();
        if (changed.Length == 0) return;
        w.WriteStartObject(name);
        foreach (var entry in changed)
        {
            w.WritePropertyName(entry.Key);
            JsonValues.Write(entry.Value, w);
        }
        w.WriteEndObject();
    }

    private static string Text(ConfigNode node) => JsonValues.ToJson(node).GetRawText();
}
