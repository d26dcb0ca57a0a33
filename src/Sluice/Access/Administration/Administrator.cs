namespace Sluice.Access.Administration;

/// <summary>Who acts, and from where, for the audit log.</summary>
/// <param name="Name"><c>admin</c> or <c>cli</c>.</param>
/// <param name="Address">The address that the request came from; <see langword="null"/> for this machine's command line.</param>
/// <param name="RequestId">The request's id.</param>
internal sealed record Administrator(string Name, string? Address = null, string? RequestId = null);
