using Sluice.Configuration.Schema;
using Sluice.Configuration.Yaml;

namespace Sluice.Configuration.Rendering;

/// <summary>Decides which values of a configuration are shown.</summary>
internal static class Masking
{
    private static readonly string[] SecretWords = ["authorization", "cookie", "secret", "password", "passwd", "credential", "apikey", "pepper"];

    internal static ScalarNode Mask(ScalarNode node, ConfigType? type, string path)
    {
        var scalar = type as ScalarType ?? (type as EitherType)?.Shorthand;
        if (scalar is UrlType { IsHidden: false } && Uri.TryCreate(node.Text, UriKind.Absolute, out var uri)) return MaskUserInfo(node, uri);
        // What a variable put into a header or a free value is more often a credential than not.
        var hidden = scalar is { IsSecret: true } || (scalar is not EnumType && Shown.LooksSecret(node.Text) && IsText(scalar))
            || (IsUnnamed(scalar) && (node.Substituted || IsSecretName(LastName(path))));
        return hidden && node.Text.Length > 0 ? new ScalarNode(node.Origin, Secret.Mask) : node;
    }

    private static ScalarNode MaskUserInfo(ScalarNode node, Uri uri)
    {
        var text = node.Text;
        if (uri.UserInfo.Length > 0) text = text.Replace(uri.UserInfo + "@", Secret.Mask + "@", StringComparison.Ordinal);
        // A webhook's query may hold its token.
        if (uri.Query.Length > 1) text = text[..text.IndexOf('?', StringComparison.Ordinal)] + "?" + Secret.Mask;
        return new ScalarNode(node.Origin, text) { Plain = node.Plain };
    }

    // Header values and values for a provider: the schema does not know what they mean.
    private static bool IsUnnamed(ScalarType? type) => type is null || type == ShapeType.HeaderValue;

    private static bool IsText(ScalarType? type) => type is null or TextType or ShapeType or JsonPathType;

    private static string LastName(string path)
    {
        path = path.TrimEnd('"');
        return path[(path.LastIndexOfAny(['.', '"']) + 1)..];
    }

    internal static bool IsSecretName(string name)
    {
        var folded = name.ToLowerInvariant().Replace('-', '_');
        return folded is "key" or "token" || folded.EndsWith("_key", StringComparison.Ordinal) || folded.EndsWith("_token", StringComparison.Ordinal)
            || SecretWords.Any(word => folded.Contains(word, StringComparison.Ordinal));
    }
}
