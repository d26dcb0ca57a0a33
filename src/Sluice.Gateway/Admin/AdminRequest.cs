using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Access.Administration;
using Sluice.Configuration.Binding;
using Sluice.Configuration.Yaml;
using Sluice.Errors;
using Sluice.Gateway.Http;

namespace Sluice.Gateway.Admin;

/// <summary>What is read from requests of the administration API. Bodies are bounded.</summary>
internal static class AdminRequest
{
    private const int MaxBody = 256 * 1024;
    private const int MaxDepth = 16;

    /// <summary>Who asks, for the audit log.</summary>
    public static Administrator Who(HttpContext context) =>
        new("admin", context.Connection.RemoteIpAddress?.ToString(), context.Response.Headers["x-request-id"].ToString());

    /// <summary>The body as an object; an empty one where there is none.</summary>
    public static async ValueTask<Outcome<MapNode>> BodyAsync(HttpContext context)
    {
        using var body = new RequestBody();
        if (await body.ReadAsync(context, MaxBody) is { } unread) return unread;
        if (body.Memory.IsEmpty) return (MapNode)JsonNodes.Of(Empty);
        try
        {
            using var document = JsonDocument.Parse(body.Memory, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return JsonNodes.Of(document.RootElement) as MapNode is { } map ? map : new GatewayError(ErrorKind.InvalidRequest, "the request body is not a JSON object") { Code = "invalid_json" };
        }
        catch (JsonException e)
        {
            return new GatewayError(ErrorKind.InvalidRequest, $"the request body is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})") { Code = "invalid_json" };
        }
        catch (InvalidOperationException)
        {
            return new GatewayError(ErrorKind.InvalidRequest, "the request body holds text that is not Unicode") { Code = "invalid_json" };
        }
    }

    /// <summary>The version that <c>If-Match</c> asks for; <see langword="null"/> where any will do.</summary>
    public static Outcome<Version> Expected(HttpRequest request)
    {
        string text = request.Headers.IfMatch.ToString().Trim();
        if (text.Length == 0 || text == "*") return Version.Any;
        return text.StartsWith("\"v", StringComparison.Ordinal) && text.EndsWith('"') && long.TryParse(text.AsSpan(2, text.Length - 3), NumberStyles.None, CultureInfo.InvariantCulture, out long version)
            ? new Version(version)
            : new GatewayError(ErrorKind.InvalidRequest, "If-Match is no ETag of this API: send what the key's last answer carried") { Status = 412, Code = "version_mismatch" };
    }

    /// <summary>A whole number of the query within bounds.</summary>
    public static int Number(HttpRequest request, string name, int byDefault, int most) =>
        int.TryParse(request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? Math.Clamp(value, 1, most) : byDefault;

    private static JsonElement Empty { get; } = JsonDocument.Parse("{}").RootElement;

    /// <summary>A version that is asked for.</summary>
    /// <param name="Number">The number; <see langword="null"/> for any.</param>
    public sealed record Version(long? Number)
    {
        public static Version Any { get; } = new((long?)null);
    }
}
