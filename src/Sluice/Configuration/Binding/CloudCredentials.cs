namespace Sluice.Configuration.Binding;

/// <summary>Credentials of clouds that stand in the variables and files that their own tools use.</summary>
internal static class CloudCredentials
{
    private static readonly string[] IdentityPrefixes = ["AWS_", "AZURE_", "IDENTITY_", "GCE_METADATA"];
    private static readonly string[] SecretNames = ["_SECRET", "_SECRET_ACCESS_KEY", "_TOKEN", "IDENTITY_HEADER"];
    private static readonly string[] FileVariables = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AZURE_FEDERATED_TOKEN_FILE"];

    /// <summary>A Bedrock API key of the environment; what is written under <c>aws</c> goes before it, as the nearer.</summary>
    internal static IReadOnlyList<ProviderKeyConfig> BedrockKey(ObjectReader reader, string provider) =>
        !reader.Object("aws").IsWritten && Variable(reader, "AWS_BEARER_TOKEN_BEDROCK") is { } key ? [new ProviderKeyConfig { Name = provider, Value = new Secret(key) }] : [];

    /// <summary>
    /// Fills in an access key that is not written, whole or not at all (halves of two keys are none): of the profile that is named, else of the
    /// variables, else of the profile that <c>AWS_PROFILE</c> names, else of <c>default</c>.
    /// </summary>
    internal static AwsConfig Complete(AwsConfig aws, ObjectReader provider)
    {
        if (aws.AccessKeyId is not null || aws.SecretAccessKey is not null) return aws;
        if (aws.Profile is null && Variable(provider, "AWS_ACCESS_KEY_ID") is { } id && Variable(provider, "AWS_SECRET_ACCESS_KEY") is { } secret)
        {
            return aws with { AccessKeyId = id, SecretAccessKey = new Secret(secret), SessionToken = Variable(provider, "AWS_SESSION_TOKEN") is { } token ? new Secret(token) : aws.SessionToken };
        }
        // A Bedrock API key needs no signature: a profile that nobody named is not looked at then.
        if (aws.Profile is null && (CredentialBinder.IsWritten(provider) || BedrockKey(provider, "").Count > 0)) return aws;
        return FromProfile(aws, provider);
    }

    private static AwsConfig FromProfile(AwsConfig aws, ObjectReader provider)
    {
        var section = provider.Object("aws");
        if (!provider.Context.LooksAtFiles) return aws;
        string? asked = aws.Profile ?? Variable(provider, "AWS_PROFILE");
        string name = asked ?? AwsCredentialsFile.DefaultProfile;
        if (AwsCredentialsFile.Path(provider.Context.Environment) is not { } path) return asked is null ? aws : Fail("there is no home directory to look for AWS profiles in", "set AWS_SHARED_CREDENTIALS_FILE");
        provider.Context.Watch(path);
        try
        {
            var settings = AwsCredentialsFile.Read(path, name);
            // Roles, single sign-on and processes are asked when a call needs them.
            if (IsMoreThanKeys(settings) || InConfig(provider, name) is { } config && (IsMoreThanKeys(config) || config.ContainsKey("aws_secret_access_key"))) return aws;
            if (settings is null) return asked is null ? aws : Fail($"{path} has no AWS profile '{name}'", "write the profile there, or write access_key_id and secret_access_key");
            if (settings.GetValueOrDefault("aws_access_key_id") is { Length: > 0 } id && settings.GetValueOrDefault("aws_secret_access_key") is { Length: > 0 } secret)
            {
                return aws with { AccessKeyId = id, SecretAccessKey = new Secret(secret), SessionToken = settings.GetValueOrDefault("aws_session_token") is { Length: > 0 } token ? new Secret(token) : aws.SessionToken };
            }
            return asked is null ? aws : Fail($"the AWS profile '{name}' in {path} has no access key", "put aws_access_key_id and aws_secret_access_key there, or role_arn, sso_account_id or credential_process ('aws configure', 'aws configure sso')");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return asked is null ? aws : Fail($"{path} cannot be read: {e.Message.TrimEnd('.')}", "give this user permission, or set AWS_SHARED_CREDENTIALS_FILE");
        }

        AwsConfig Fail(string what, string remedy)
        {
            if (provider.Bool("enabled") ?? true) provider.Context.Faults.Add(section.OriginOf("profile"), section.PathOf("profile"), what, remedy);
            return aws;
        }
    }

    /// <summary>The variables that an identity at a cloud may be told by; empty where the provider asks for none.</summary>
    internal static IReadOnlyDictionary<string, string> IdentityVariables(ObjectReader reader, string? type)
    {
        if (type is not ("bedrock" or "vertex") && CredentialBinder.Auth(reader)?.Scheme != AuthScheme.Entra) return Empty<string>.Map;
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in reader.Context.Environment.Variables)
        {
            if (name is "HOME" or "USERPROFILE" || IdentityPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))) variables[name] = value;
        }
        foreach (string name in FileVariables)
        {
            if (variables.TryGetValue(name, out string? file) && file.Length > 0) variables[name] = Path.GetFullPath(file, reader.Context.Environment.WorkingDirectory);
        }
        return variables;
    }

    /// <summary>Those of them that are secrets.</summary>
    internal static IEnumerable<Secret> SecretVariables(IReadOnlyDictionary<string, string> variables) =>
        variables.Where(v => v.Value.Length > 0 && SecretNames.Any(s => v.Key.EndsWith(s, StringComparison.Ordinal))).Select(v => new Secret(v.Value));

    // A profile that gives its keys by a call or a program; keys beside a role are what the role is taken with.
    private static bool IsMoreThanKeys(IReadOnlyDictionary<string, string>? settings) =>
        settings is not null && (settings.ContainsKey("role_arn") || settings.ContainsKey("sso_account_id") || settings.ContainsKey("credential_process"));

    private static IReadOnlyDictionary<string, string>? InConfig(ObjectReader provider, string name) =>
        AwsCredentialsFile.ConfigPath(provider.Context.Environment) is { } config ? AwsCredentialsFile.Read(config, name == AwsCredentialsFile.DefaultProfile ? name : $"profile {name}") : null;

    /// <summary>The credentials file that <c>GOOGLE_APPLICATION_CREDENTIALS</c> names, else the one that gcloud writes, where it is there.</summary>
    internal static string? GoogleFile(ObjectReader reader)
    {
        if (Variable(reader, "GOOGLE_APPLICATION_CREDENTIALS") is { } named) return Path.GetFullPath(named, reader.Context.Environment.WorkingDirectory);
        if (Variable(reader, "HOME") is not { } home) return null;
        string usual = Path.Combine(home, ".config", "gcloud", "application_default_credentials.json");
        return File.Exists(usual) ? usual : null;
    }

    private static string? Variable(ObjectReader reader, string name) =>
        reader.Context.Environment.GetVariable(name)?.Trim() is { Length: > 0 } value ? value : null;
}
