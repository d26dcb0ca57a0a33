namespace Sluice.Providers;

/// <summary>
/// The path of a format's endpoint below the base URL, with placeholders: <c>{model}</c> (escaped whole), <c>{resource}</c> (Gemini:
/// <c>models/NAME</c> or <c>tunedModels/NAME</c>), <c>{publisher_model}</c> (Vertex: <c>google/models/NAME</c>), <c>{publisher}</c> and <c>{name}</c> (Vertex: the
/// parts of <c>publishers/PUBLISHER/models/NAME</c> or <c>PUBLISHER/NAME</c>), and the provider's variables (<c>{api_version}</c>, <c>{project}</c>, <c>{location}</c>, <c>{region}</c>).
/// </summary>
/// <param name="Path">For a whole answer, with its query.</param>
public sealed record VendorPath(string Path)
{
    /// <summary>For a streamed answer; null where it is the same.</summary>
    public string? StreamPath { get; init; }

    /// <summary>For several inputs in one request (Gemini <c>batchEmbedContents</c>); null where it is the same.</summary>
    public string? BatchPath { get; init; }

    /// <summary>True when the path stands at the root of the base URL, without the vendor's version segment.</summary>
    public bool Unversioned { get; init; }

    /// <summary>What its body differs in; null for nothing.</summary>
    public VendorBody? Body { get; init; }

    /// <summary>The template for a kind of call.</summary>
    public string For(EndpointKind kind) => kind switch
    {
        EndpointKind.Stream => StreamPath ?? Path,
        EndpointKind.Batch => BatchPath ?? Path,
        _ => Path,
    };
}

/// <summary>Which of a format's endpoints is meant.</summary>
public enum EndpointKind
{
    /// <summary>The one that gives a whole answer.</summary>
    Whole,

    /// <summary>The one that streams.</summary>
    Stream,

    /// <summary>The one that takes several inputs.</summary>
    Batch,
}
