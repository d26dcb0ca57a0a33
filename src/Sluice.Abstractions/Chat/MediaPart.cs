namespace Sluice.Chat;

/// <summary>What a medium is. An open value.</summary>
public readonly record struct MediaKind(string Value)
{
    /// <summary>A picture.</summary>
    public static MediaKind Image { get; } = new("image");

    /// <summary>Sound.</summary>
    public static MediaKind Audio { get; } = new("audio");

    /// <summary>A document, PDF or text.</summary>
    public static MediaKind Document { get; } = new("document");

    /// <summary>Moving pictures.</summary>
    public static MediaKind Video { get; } = new("video");

    /// <summary>The kind that a MIME type names: its main type, and <see cref="Document"/> for everything else.</summary>
    public static MediaKind FromMediaType(string? mediaType) => mediaType switch
    {
        null => Document,
        _ when mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) => Image,
        _ when mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) => Audio,
        _ when mediaType.StartsWith("video/", StringComparison.OrdinalIgnoreCase) => Video,
        _ => Document,
    };

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>An image, a sound, a document or a video.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Source">Where its bytes are.</param>
public sealed record MediaPart(MediaKind Kind, MediaSource Source) : Part
{
    /// <summary>How closely the model should look (OpenAI <c>detail</c>).</summary>
    public string? Detail { get; init; }

    /// <summary>A file name or title.</summary>
    public string? Title { get; init; }

    /// <summary>What was said in a sound that the model made (OpenAI audio <c>transcript</c>).</summary>
    public string? Transcript { get; init; }

    /// <summary>Sources that the provider may cite from this document are wanted (Anthropic <c>citations.enabled</c>).</summary>
    public bool? CitationsEnabled { get; init; }
}

/// <summary>Where the bytes of a medium are.</summary>
public abstract record MediaSource
{
    /// <summary>The MIME type by its right name (<see cref="MediaTypes.Canonical"/>); <see langword="null"/> where not said.</summary>
    public string? MediaType { get; init => field = MediaTypes.Canonical(value); }
}

/// <summary>The bytes themselves.</summary>
/// <param name="Base64">Standard base64 as it was sent, without a <c>data:</c> prefix.</param>
public sealed record InlineMedia(string Base64) : MediaSource;

/// <summary>An address that the provider fetches. Never fetched by the gateway unless switched on.</summary>
/// <param name="Url">The address; never a <c>data:</c> URL (decoders turn those into <see cref="InlineMedia"/>).</param>
public sealed record UrlMedia(string Url) : MediaSource;

/// <summary>A file uploaded to the provider before; means nothing to another provider.</summary>
/// <param name="FileId">The provider's id.</param>
public sealed record FileMedia(string FileId) : MediaSource;

/// <summary>A document of plain text (Anthropic <c>source.type: text</c>).</summary>
/// <param name="Text">Its text.</param>
public sealed record TextMedia(string Text) : MediaSource;
