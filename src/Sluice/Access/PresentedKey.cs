using Sluice.Engine;

namespace Sluice.Access;

/// <summary>Finds the key in a request, wherever the client's SDK puts it.</summary>
internal static class PresentedKey
{
    /// <summary>The header that carries a virtual key beside a credential that is passed on to the provider (<c>auth: passthrough</c>).</summary>
    public const string OwnHeader = "x-sluice-key";

    private const string Bearer = "Bearer ";

    /// <summary>The first that is meant as a virtual key, else the first there is; empty where there is none.</summary>
    public static ReadOnlySpan<char> Find(IClientHeaders headers, string? queryKey)
    {
        ReadOnlySpan<char> first = default;
        if (Take(headers.Get(OwnHeader), ref first) || Take(Credential(headers.Get("authorization")), ref first) || Take(headers.Get("x-api-key"), ref first)
            || Take(headers.Get("api-key"), ref first) || Take(headers.Get("x-goog-api-key"), ref first))
        {
            return first;
        }
        Take(queryKey, ref first);
        return first;
    }

    /// <summary>The virtual key by which the caller of a call is known; <see langword="null"/> where it came with none.</summary>
    public static string? Of(InboundCall call) => call.Caller is null ? null : call.GivenKey is { } given ? given : Find(call.Headers, null) is { IsEmpty: false } found ? found.ToString() : null;

    /// <summary>All that a client presented as a credential, in the order in which it counts.</summary>
    public static IEnumerable<string> All(IClientHeaders headers, string? queryKey)
    {
        foreach (string? value in (string?[])[headers.Get(OwnHeader), Credential(headers.Get("authorization")).ToString(), headers.Get("x-api-key"), headers.Get("api-key"), headers.Get("x-goog-api-key"), queryKey])
        {
            if (value?.Trim() is { Length: > 0 } text) yield return text;
        }
    }

    private static bool Take(ReadOnlySpan<char> value, ref ReadOnlySpan<char> first)
    {
        value = value.Trim();
        if (value.IsEmpty) return false;
        bool isMeant = KeyFormat.IsMeant(value);
        if (isMeant || first.IsEmpty) first = value;
        return isMeant;
    }

    private static ReadOnlySpan<char> Credential(string? authorization) =>
        authorization.AsSpan().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization.AsSpan(Bearer.Length) : authorization;
}
