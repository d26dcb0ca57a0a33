namespace Sluice.Configuration;

/// <summary>An identity in Microsoft Entra ID (<c>auth: entra</c>, <c>entra</c>); what is null comes from the Azure environment variables, else from the machine.</summary>
public sealed record EntraConfig
{
    /// <summary>The scope of Azure OpenAI's tokens.</summary>
    public const string AzureOpenAIScope = "https://cognitiveservices.azure.com/.default";

    /// <summary>The tenant; default <c>AZURE_TENANT_ID</c>.</summary>
    public string? TenantId { get; init; }

    /// <summary>The client, or the managed identity that is meant where there are several; default <c>AZURE_CLIENT_ID</c>.</summary>
    public string? ClientId { get; init; }

    /// <summary>The client's secret; default <c>AZURE_CLIENT_SECRET</c>.</summary>
    public Secret? ClientSecret { get; init; }

    /// <summary>A file with a federated token; default <c>AZURE_FEDERATED_TOKEN_FILE</c>.</summary>
    public string? TokenFile { get; init; }

    /// <summary>What the token is for. Default <see cref="AzureOpenAIScope"/>.</summary>
    public string Scope { get; init; } = AzureOpenAIScope;
}
