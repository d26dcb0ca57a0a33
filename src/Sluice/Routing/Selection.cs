using Sluice.Errors;

namespace Sluice.Routing;

/// <summary>The targets of a call in the order in which they are tried.</summary>
/// <param name="Targets">At least one, where there is no error.</param>
/// <param name="Error">Why there is none.</param>
internal readonly record struct Selection(IReadOnlyList<TargetModel> Targets, GatewayError? Error);
