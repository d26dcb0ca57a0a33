namespace Sluice.Routing;

/// <summary>What a request needs of a model.</summary>
[Flags]
internal enum Needs
{
    None = 0,
    Vision = 1,
    Audio = 2,
    Documents = 4,
    Tools = 8,
    Schema = 16,
    Reasoning = 32,

    /// <summary>All that stands in messages, to be found only by reading them.</summary>
    Media = Vision | Audio | Documents,
}

/// <summary>Names of needs, as the catalogue and <c>when.needs</c> spell them.</summary>
internal static class NeedNames
{
    public static IReadOnlyList<Needs> All { get; } = [Needs.Vision, Needs.Audio, Needs.Documents, Needs.Tools, Needs.Schema, Needs.Reasoning];

    public static string Name(this Needs need) => need.ToString().ToLowerInvariant();

    public static Needs Parse(string name) => All.FirstOrDefault(n => n.Name() == name);

    /// <summary>What a model without it cannot do, for a sentence that begins with the model.</summary>
    public static string Lack(this Needs need) => need switch
    {
        Needs.Vision => "takes no images",
        Needs.Audio => "takes no audio",
        Needs.Documents => "takes no documents",
        Needs.Tools => "calls no tools",
        Needs.Schema => "answers by no JSON schema",
        _ => "does not reason",
    };
}
