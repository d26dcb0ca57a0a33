using Microsoft.AspNetCore.Http;
using Sluice.Errors;

namespace Sluice.Gateway.Http;

/// <summary>How a body was encoded: the content codings of <c>Content-Encoding</c> (RFC 9110, section 8.4).</summary>
/// <param name="Outermost">Those to undo, the last that was applied first; <c>identity</c> is none.</param>
/// <param name="Fault">Why the body cannot be decoded; <see langword="null"/> where it can.</param>
internal readonly record struct ContentCodings(IReadOnlyList<string> Outermost, GatewayError? Fault)
{
    /// <summary>What is understood, as <c>Accept-Encoding</c> lists it.</summary>
    public const string Accepted = "gzip, deflate, br, zstd";

    // Nobody encodes more often in earnest.
    private const int Most = 4;

    /// <summary>A body that was not encoded.</summary>
    public static ContentCodings None { get; } = new([], null);

    /// <summary>True where nothing is to be undone.</summary>
    public bool IsEmpty => Outermost.Count == 0;

    /// <summary>Reads a header.</summary>
    public static ContentCodings Read(string header)
    {
        var codings = new List<string>();
        foreach (string written in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string coding = written.ToLowerInvariant();
            if (coding == "identity") continue;
            if (coding == "x-gzip") coding = "gzip";
            if (coding is not ("gzip" or "deflate" or "br" or "zstd")) return new([], Unknown($"Content-Encoding '{(written.Length <= 50 ? written : written[..50] + "...")}' is not understood"));
            codings.Add(coding);
        }
        if (codings.Count > Most) return new([], Unknown($"the request body is encoded {codings.Count} times, and at most {Most} are undone"));
        codings.Reverse();
        return new(codings, null);
    }

    private static GatewayError Unknown(string what) => new(ErrorKind.InvalidRequest, $"{what}: send {Accepted}, or the plain body")
    {
        Status = StatusCodes.Status415UnsupportedMediaType,
        Code = "unsupported_content_encoding",
    };
}
