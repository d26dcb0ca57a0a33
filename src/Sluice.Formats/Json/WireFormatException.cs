using Sluice.Errors;

namespace Sluice.Formats.Json;

/// <summary>
/// A malformed document, thrown deep inside a decoder and caught at its border by <see cref="Decoding"/>: never seen outside this assembly.
/// </summary>
internal sealed class WireFormatException(string path, string message) : Exception(message)
{
    /// <summary>The field at fault: <c>messages[2].content</c>.</summary>
    public string Path { get; } = path;

    public GatewayError ToRequestError() => new(ErrorKind.InvalidRequest, Path.Length == 0 ? Message : $"{Path}: {Message}") { Status = 400, Param = Path.Length == 0 ? null : Path };

    public GatewayError ToAnswerError() => new(ErrorKind.MalformedAnswer, Path.Length == 0 ? $"the provider's answer is malformed: {Message}" : $"the provider's answer is malformed at {Path}: {Message}");
}
