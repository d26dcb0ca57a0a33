using Sluice.Configuration;
using Sluice.Configuration.Rendering;
using Sluice.Routing;

namespace Sluice.Explaining;

/// <summary>The headers of a request as they may be shown.</summary>
internal static class HeaderTexts
{
    /// <summary>The headers in order, credentials masked.</summary>
    public static List<KeyValuePair<string, string>> Of(HttpRequestMessage message, TargetModel target, SecretMask mask)
    {
        var shown = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in message.Headers.NonValidated) shown.Add(new(name, Value(name, values.ToString(), target, mask)));
        foreach (var (name, values) in message.Content!.Headers.NonValidated) shown.Add(new(name, Value(name, values.ToString(), target, mask)));
        if (target.Provider.Authenticator.SignsLate && !message.Headers.NonValidated.Contains("Authorization")) shown.Add(new("Authorization", $"{Secret.Mask} (made when it is sent)"));
        return shown;
    }

    /// <summary>What rules made of the headers.</summary>
    public static List<Effect> Changes(List<KeyValuePair<string, string>> before, List<KeyValuePair<string, string>> after)
    {
        var changes = new List<Effect>();
        foreach (var (name, value) in before)
        {
            var left = after.Where(h => Same(h.Key, name)).ToArray();
            if (left.Length == 0) changes.Add(new Effect(name, "taken away"));
            else if (left[0].Value != value) changes.Add(new Effect(name, "set"));
        }
        changes.AddRange(after.Where(h => !before.Exists(b => Same(b.Key, h.Key))).Select(h => new Effect(h.Key, "put in")));
        return changes;
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string Value(string name, string value, TargetModel target, SecretMask mask)
    {
        if (!target.Provider.Authenticator.Uses(name) && !Masking.IsSecretName(name)) return mask.Mask(value);
        return value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? $"Bearer {Secret.Mask}" : Secret.Mask;
    }
}
