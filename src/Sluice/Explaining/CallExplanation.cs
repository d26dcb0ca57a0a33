using Sluice.Engine;
using Sluice.Errors;
using Sluice.Wire;

namespace Sluice.Explaining;

/// <summary>What would become of a request: where it would go, and what would be sent.</summary>
internal sealed record CallExplanation
{
    /// <summary>The client's format.</summary>
    public required WireFormatId Format { get; init; }

    /// <summary>The model as the request names it; <see langword="null"/> where it names none.</summary>
    public string? Model { get; init; }

    /// <summary>The route's name, or the model id; <see langword="null"/> where there is none.</summary>
    public string? Route { get; init; }

    /// <summary>How the route puts its targets in order; <see langword="null"/> for a model named directly.</summary>
    public string? Strategy { get; init; }

    /// <summary>The targets in the order in which they would be tried.</summary>
    public IReadOnlyList<string> Order { get; init; } = [];

    /// <summary>The targets that would not be tried, and why.</summary>
    public IReadOnlyList<PassedOver> PassedOver { get; init; } = [];

    /// <summary>What would be sent, target by target.</summary>
    public IReadOnlyList<TargetExplanation> Targets { get; init; } = [];

    /// <summary>Why the request would be refused.</summary>
    public GatewayError? Error { get; init; }
}

/// <summary>What would be sent to one target.</summary>
internal sealed record TargetExplanation
{
    /// <summary><c>provider/model</c>.</summary>
    public required string Target { get; init; }

    /// <summary>The lane; <see langword="null"/> where nothing would be sent.</summary>
    public Lane? Lane { get; init; }

    /// <summary>The format that the target is asked in.</summary>
    public WireFormatId? UpstreamFormat { get; init; }

    /// <summary>What each rule of <c>transforms</c> does.</summary>
    public IReadOnlyList<RuleEffect> Rules { get; init; } = [];

    /// <summary>What default parameters, <c>provider_specific</c> and the rules of the model's family change at the top of the body; only where it is not translated.</summary>
    public IReadOnlyList<Effect> Members { get; init; } = [];

    /// <summary>What header rules change.</summary>
    public IReadOnlyList<Effect> Headers { get; init; } = [];

    /// <summary>What the target cannot be told.</summary>
    public IReadOnlyList<Loss> Losses { get; init; } = [];

    /// <summary>What would be sent.</summary>
    public UpstreamRequest? Request { get; init; }

    /// <summary>Why nothing would be sent.</summary>
    public string? Refusal { get; init; }
}

/// <summary>A rule of <c>transforms</c> and what it does to this request.</summary>
internal sealed record RuleEffect(string Name, string Kind, string On, string What);

/// <summary>A member or a header and what becomes of it.</summary>
internal sealed record Effect(string Name, string What);

/// <summary>An HTTP request with its secrets masked.</summary>
internal sealed record UpstreamRequest(string Method, string Url, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body);
