using System.Text.Json;
using Sluice.Configuration;
using Sluice.Engine;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Routing;

/// <summary>
/// The client's own list of targets, in the header <c>x-sluice-targets</c> or in the body's <c>models</c> (OpenRouter's convention): it restricts and reorders
/// a route's targets, and gives a model named directly others to fall back to. What a call by the model's own name could not reach it does not reach either.
/// </summary>
internal static class ClientTargets
{
    public const string Header = "x-sluice-targets";
    public const string UnknownTarget = "unknown_target";
    private const string Member = "models";
    private const int MostNames = 32;

    /// <summary>The call's route with the client's list applied; the route itself where there is none.</summary>
    public static Outcome<RouteModel> Apply(CallContext call, RouteModel route)
    {
        if (call.Inbound.Headers.Get(Header) is { } header)
        {
            // The header wins, and the body's list has done its service.
            call.TakesModelsOut = IsList(call, out _);
            return Apply(call, route, header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), Header);
        }
        if (!IsList(call, out var list) || IsForUpstream(route)) return route;
        var names = Names(call.Members.Value(list));
        if (names is not null && IsOfAnotherService(call, route, names)) return route;
        call.TakesModelsOut = true;
        return names is not null ? Apply(call, route, names, Member) : Fault(Member, "must be a list of model names");
    }

    /// <summary>The names in a list that goes on to the provider, which chooses among them itself; <see langword="null"/> where none goes on. What is no list of names counts as one empty name.</summary>
    public static IReadOnlyList<string>? PassedOn(CallContext call) => !call.TakesModelsOut && IsList(call, out var list) ? Names(call.Members.Value(list)) ?? [""] : null;

    private static bool IsList(CallContext call, out JsonMember list) => call.Members.TryGet("models"u8, out list) && call.Members.Value(list)[0] == (byte)'[';

    // OpenRouter reads the list itself, and its names are its own.
    private static bool IsForUpstream(RouteModel route) => !route.IsNamed && route.Targets[0].Provider.Vendor.Id == "openrouter";

    // A list without one name of ours is a member like any other that only the upstream knows: another server of OpenRouter's kind, a proxy.
    private static bool IsOfAnotherService(CallContext call, RouteModel route, List<string> names) =>
        !route.IsNamed && names.Count is > 0 and <= MostNames && names.TrueForAll(name => call.Gateway.Resolve(name) is { IsSuccess: false, Error.Kind: var kind } && kind == ErrorKind.NotFound);

    private static Outcome<RouteModel> Apply(CallContext call, RouteModel route, IReadOnlyList<string> names, string origin)
    {
        if (names.Count == 0) return Fault(origin, "names no target");
        if (names.Count > MostNames) return Fault(origin, $"names {names.Count} targets; {MostNames} are allowed");
        return route.IsNamed ? OfRoute(route, names, origin) : Direct(call, route, names, origin);
    }

    private static Outcome<RouteModel> OfRoute(RouteModel route, IReadOnlyList<string> names, string origin)
    {
        var chosen = new List<RouteBranch>(names.Count);
        foreach (string name in names)
        {
            if (Find(route, name) is not { } branch)
            {
                var known = Offered(route).ToArray();
                return Fault(origin, $"'{Cut(name)}' is no target of '{route.Name}'.{NearestNames.Suggestion(name, known)} Its targets: {string.Join(", ", known)}");
            }
            if (!chosen.Exists(c => c.Name == branch.Name)) chosen.Add(branch);
        }
        return Of(route, chosen);
    }

    // A list that leaves out the model itself holds what comes after it.
    private static Outcome<RouteModel> Direct(CallContext call, RouteModel route, IReadOnlyList<string> names, string origin)
    {
        var chosen = new List<RouteBranch>(names.Count + 1);
        foreach (string name in names)
        {
            var found = call.Gateway.Resolve(name);
            if (!found.IsSuccess) return found.Error.Kind == ErrorKind.NotFound ? Fault(origin, found.Error.Message) : found.Error with { Message = $"{origin}: {found.Error.Message}", Param = origin };
            var branch = BranchOf(found.Value);
            if (!chosen.Exists(c => c.Name == branch.Name)) chosen.Add(branch);
        }
        if (!chosen.Exists(c => c.Name == route.Name)) chosen.Insert(0, BranchOf(route));
        return Of(route, chosen);
    }

    private static RouteBranch BranchOf(RouteModel route)
    {
        var config = new TargetConfig { Model = route.Name };
        return route.IsNamed ? new RouteBranch(config, null, route) : new RouteBranch(config, route.Targets[0], null);
    }

    private static RouteModel Of(RouteModel route, List<RouteBranch> chosen) => route with
    {
        Branches = chosen,
        Targets = [.. chosen.SelectMany(c => c.Targets).Distinct()],
        // A target named by itself stays behind the inner route that it was found in.
        Inner = route.IsNamed ? route.Inner : InnerRoutes.Of(chosen),
        IsClientOrder = true,
        IsPlain = false,
    };

    // By its full name, by its model where only one has it, or an inner route by its name.
    private static RouteBranch? Find(RouteModel route, string name)
    {
        var own = route.Branches.FirstOrDefault(b => b.Name.Equals(name, b.Route is null ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase));
        if (own is not null) return own;
        var leaves = route.Branches.SelectMany(Leaves).ToArray();
        if (Array.Find(leaves, l => l.Name == name) is { } leaf) return leaf;
        var byModel = leaves.Where(l => l.Target!.Model == name).DistinctBy(l => l.Name).ToArray();
        return byModel.Length == 1 ? byModel[0] : null;
    }

    private static IEnumerable<RouteBranch> Leaves(RouteBranch branch) => branch.Route is { } inner ? inner.Branches.SelectMany(Leaves) : [branch];

    private static IEnumerable<string> Offered(RouteModel route) => route.Branches.Select(b => b.Name).Concat(route.Targets.Select(t => t.Id)).Distinct(StringComparer.Ordinal);

    private static List<string>? Names(ReadOnlySpan<byte> json)
    {
        var names = new List<string>();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        try
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.String) names.Add(reader.GetString()!);
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair is no name.
            return null;
        }
        return reader.TokenType == JsonTokenType.EndArray ? names : null;
    }

    private static GatewayError Fault(string origin, string what) => new(ErrorKind.InvalidRequest, $"{origin}: {what}") { Param = origin, Code = UnknownTarget };

    private static string Cut(string name) => name.Length <= 200 ? name : name[..200] + "...";
}
