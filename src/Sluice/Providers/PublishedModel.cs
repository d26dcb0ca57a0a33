namespace Sluice.Providers;

/// <summary>A model's name as Vertex AI has it: <c>publishers/PUBLISHER/models/NAME</c>, <c>PUBLISHER/NAME</c> or the name alone.</summary>
/// <param name="Publisher">The publisher; empty where the name does not tell.</param>
/// <param name="Name">The name at the publisher.</param>
internal readonly record struct PublishedModel(string Publisher, string Name)
{
    /// <summary>The name in a path, with its <c>@VERSION</c> as the vendors' SDKs write it.</summary>
    public string PathSegment => Uri.EscapeDataString(Name).Replace("%40", "@", StringComparison.Ordinal);

    public static PublishedModel Parse(string model)
    {
        string text = model.StartsWith("publishers/", StringComparison.Ordinal) ? model["publishers/".Length..] : model;
        int slash = text.IndexOf('/');
        if (slash < 0) return new PublishedModel("", text);
        string name = text[(slash + 1)..];
        return new PublishedModel(text[..slash], name.StartsWith("models/", StringComparison.Ordinal) ? name["models/".Length..] : name);
    }

    /// <summary>The template with its placeholders filled in.</summary>
    public string Fill(string template) => template.Replace("{publisher}", Publisher, StringComparison.Ordinal).Replace("{name}", Name, StringComparison.Ordinal);
}
