using System.Text.Json;
using Sluice.Wire;

namespace Sluice.Providers;

/// <summary>The vendors that Sluice knows, from the embedded file <c>vendors.json</c>; read once, at the first use.</summary>
public static class Vendors
{
    private static readonly Lazy<VendorFile> File = new(Load);

    /// <summary>All vendors in the order of the file.</summary>
    public static IReadOnlyList<VendorDescriptor> All => File.Value.Vendors;

    /// <summary>The paths that formats usually have, for servers whose entry does not list the format.</summary>
    public static IReadOnlyDictionary<WireFormatId, VendorPath> UsualPaths => File.Value.Paths;

    /// <summary>Finds a vendor by the name in a provider's <c>type</c>, without regard to case; <see langword="null"/> for an unknown one.</summary>
    public static VendorDescriptor? Find(string type) => File.Value.ById.GetValueOrDefault(type);

    /// <summary>The vendor of a <c>type</c> that the configuration has checked.</summary>
    /// <exception cref="ArgumentException">There is no such vendor.</exception>
    public static VendorDescriptor Get(string type) => Find(type) ?? throw new ArgumentException($"no vendor is called '{type}'", nameof(type));

    private static VendorFile Load()
    {
        using var stream = typeof(Vendors).Assembly.GetManifestResourceStream("Sluice.Providers.vendors.json")!;
        using var document = JsonDocument.Parse(stream);
        return VendorReader.Read(document.RootElement);
    }
}

/// <summary>The content of the vendor file.</summary>
internal sealed record VendorFile(IReadOnlyList<VendorDescriptor> Vendors, Dictionary<WireFormatId, VendorPath> Paths)
{
    public Dictionary<string, VendorDescriptor> ById { get; } = Vendors.ToDictionary(v => v.Id, StringComparer.OrdinalIgnoreCase);
}
