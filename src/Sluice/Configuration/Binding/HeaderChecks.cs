namespace Sluice.Configuration.Binding;

/// <summary>Refuses rules for headers that the connection itself owns.</summary>
internal static class HeaderChecks
{
    // RFC 9110, section 7.6.1, and what frames the message: a wrong value here smuggles requests.
    private static readonly HashSet<string> Owned = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "TE", "Trailer", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization",
        "Content-Type", "Content-Encoding", "Set-Cookie", "Expect",
    };

    private static readonly HashSet<string> Credentials = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Proxy-Authorization", "Cookie", "x-api-key", "api-key", "x-goog-api-key",
    };

    /// <summary>Whether a rule may set a header to a value.</summary>
    internal static bool MayBeSet(string name, string value) => !Owned.Contains(name) && Schema.ShapeType.HeaderValue.Check(value) is null && Upstream.HeaderText.IsPlain(value);

    internal static void Check(ObjectReader reader)
    {
        foreach (var rule in new[] { "add", "set" })
        {
            foreach (var entry in reader.Entries(rule).Where(entry => Owned.Contains(entry.Key)))
                Fail(entry.Origin, rule, $"{entry.Key} belongs to the connection and cannot be set", "take it out");
        }

        foreach (var rule in new[] { "add", "set" })
        {
            foreach (var entry in reader.Entries(rule))
            {
                if (entry.Key.Contains('*', StringComparison.Ordinal)) Fail(entry.Origin, rule, $"{entry.Key} is a pattern, and a header needs a name", "write the whole name");
                if (entry.Value is Yaml.ScalarNode value && Schema.ShapeType.HeaderValue.Check(value.Text) is null && !Upstream.HeaderText.IsPlain(value.Text)) Fail(entry.Origin, rule, $"the value of {entry.Key} has signs that no header carries", "use printable ASCII only");
            }
        }

        if (reader.Items("forward") is not { } forward) return;
        foreach (var item in forward.OfType<Yaml.ScalarNode>())
        {
            if (Owned.Contains(item.Text)) Fail(item.Origin, "forward", $"{item.Text} belongs to the connection and is never forwarded", "take it out");
            else if (Credentials.Contains(item.Text)) Fail(item.Origin, "forward", $"{item.Text} holds a credential and is never forwarded", "use 'auth: passthrough' where the client's own key is to be used");
        }

        void Fail(ConfigurationOrigin origin, string rule, string what, string remedy) =>
            reader.Context.Faults.Add(origin, reader.PathOf(rule), $"{reader.PathOf(rule)}: {what}", remedy);
    }
}
