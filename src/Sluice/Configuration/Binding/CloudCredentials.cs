namespace Sluice.Configuration.Binding;

/// <summary>Credentials of clouds that stand in the variables and files that their own tools use.</summary>
internal static class CloudCredentials
{
    /// <summary>A Bedrock API key of the environment; what is written under <c>aws</c> goes before it, as the nearer.</summary>
    internal static IReadOnlyList<ProviderKeyConfig> BedrockKey(ObjectReader reader, string provider) =>
        !reader.Object("aws").IsWritten && Variable(reader, "AWS_BEARER_TOKEN_BEDROCK") is { } key ? [new ProviderKeyConfig { Name = provider, Value = new Secret(key) }] : [];

    /// <summary>Fills in the access key of the environment, whole or not at all: halves of two keys are none.</summary>
    internal static AwsConfig WithVariables(AwsConfig aws, ObjectReader reader)
    {
        if (aws.AccessKeyId is not null || aws.SecretAccessKey is not null || aws.Profile is not null) return aws;
        if (Variable(reader, "AWS_ACCESS_KEY_ID") is not { } id || Variable(reader, "AWS_SECRET_ACCESS_KEY") is not { } secret) return aws;
        return aws with
        {
            AccessKeyId = id,
            SecretAccessKey = new Secret(secret),
            SessionToken = Variable(reader, "AWS_SESSION_TOKEN") is { } token ? new Secret(token) : aws.SessionToken,
        };
    }

    /// <summary>The credentials file that <c>GOOGLE_APPLICATION_CREDENTIALS</c> names, else the one that gcloud writes, where it is there.</summary>
    internal static string? GoogleFile(ObjectReader reader)
    {
        if (Variable(reader, "GOOGLE_APPLICATION_CREDENTIALS") is { } named) return reader.Context.FullPath(named);
        if (Variable(reader, "HOME") is not { } home) return null;
        string usual = Path.Combine(home, ".config", "gcloud", "application_default_credentials.json");
        return File.Exists(usual) ? usual : null;
    }

    private static string? Variable(ObjectReader reader, string name) =>
        reader.Context.Environment.GetVariable(name)?.Trim() is { Length: > 0 } value ? value : null;
}
