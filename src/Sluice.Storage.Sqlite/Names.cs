namespace Sluice.Storage.Sqlite;

/// <summary>Lists of names as <c>|a|b|</c>, so that one can be looked for in SQL. A bar within a name is escaped.</summary>
internal static class Names
{
    public static string Join(IReadOnlyList<string> names) => names.Count == 0 ? "" : $"|{string.Join('|', names.Select(Escape))}|";

    public static string Escape(string name) => name.Replace("%", "%25", StringComparison.Ordinal).Replace("|", "%7C", StringComparison.Ordinal);

    public static IReadOnlyList<string> Split(string joined) => joined.Length == 0 ? [] : [.. joined.Trim('|').Split('|').Select(Unescape)];

    private static string Unescape(string name) => name.Replace("%7C", "|", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
}
