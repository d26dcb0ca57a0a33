using Sluice.Transforms.JsonPath;

namespace Sluice.Configuration.Schema;

/// <summary>A JSONPath of RFC 9535.</summary>
internal sealed class JsonPathType : ScalarType
{
    internal static readonly JsonPathType Instance = new();

    internal override string Name => "JSONPath";

    internal override string Expected => "a JSONPath that begins with '$', such as $.metadata.user";

    /// <summary>What editors check; the rest only the parser knows.</summary>
    internal static string Pattern => "^\\$";

    internal override Problem? Check(string text)
    {
        if (JsonPathQuery.TryParse(text, out var fault) is not null) return null;
        return fault!.Position > text.Length
            ? new Problem($"the JSONPath breaks off at its end: {fault.Message}", "write " + Expected)
            : new Problem($"the JSONPath breaks at sign {fault.Position}, {Quote(text[(fault.Position - 1)..])}: {fault.Message}", "write " + Expected);
    }
}
