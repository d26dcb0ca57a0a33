using System.Text.Json;
using Sluice.Formats.Json;

namespace Sluice.Formats.Shared;

/// <summary>The class of service as an answer names it.</summary>
internal static class ServiceTiers
{
    /// <summary>The member <c>service_tier</c>; <see langword="null"/> where there is none. Nearly every answer says one of two words, which take no memory.</summary>
    public static string? Of(JsonElement answer)
    {
        if (answer.Get("service_tier"u8) is not { ValueKind: JsonValueKind.String } tier) return null;
        return tier.ValueEquals("default"u8) ? "default" : tier.ValueEquals("standard"u8) ? "standard" : tier.GetString();
    }
}
