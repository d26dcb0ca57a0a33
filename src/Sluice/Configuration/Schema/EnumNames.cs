using System.Text;

namespace Sluice.Configuration.Schema;

/// <summary>The words by which a file names the members of an enumeration: <c>RoundRobin</c> is <c>round_robin</c>.</summary>
internal static class EnumNames<T>
    where T : struct, Enum
{
    private static readonly T[] Members = Enum.GetValues<T>();

    internal static readonly string[] Names = [.. Members.Select(member => ToSnakeCase(member.ToString()))];

    internal static readonly EnumType Type = new(Names);

    internal static string Name(T value) => Names[Array.IndexOf(Members, value)];

    internal static T? Parse(string text)
    {
        var i = Array.IndexOf(Names, text);
        return i < 0 ? null : Members[i];
    }

    private static string ToSnakeCase(string name)
    {
        var result = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsUpper(c) && result.Length > 0) result.Append('_');
            result.Append(char.ToLowerInvariant(c));
        }

        return result.ToString();
    }
}
