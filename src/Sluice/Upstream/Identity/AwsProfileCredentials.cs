using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Sluice.Upstream.Identity;

/// <summary>The credentials of a profile: static keys, a role taken by another profile's, a web identity, single sign-on, or a process.</summary>
internal sealed class AwsProfileCredentials(AwsProfiles profiles, IdentityEnvironment environment, AwsTokenService tokens, AwsSingleSignOn singleSignOn, AwsMachine machine)
{
    private const int MaxDepth = 8;

    /// <summary>The credentials; <see langword="null"/> where nobody named the profile and it has none.</summary>
    /// <exception cref="IdentityException">It has none that can be used.</exception>
    public async Task<Expiring<AwsKeys>?> FetchAsync(string name, bool isNamed, CancellationToken cancellationToken)
    {
        if (profiles.Find(name) is { } settings && await FetchAsync(name, settings, 0, cancellationToken).ConfigureAwait(false) is { } keys) return keys;
        if (!isNamed) return null;
        throw new IdentityException(
            profiles.Find(name) is null ? $"there is no AWS profile '{name}' in {profiles.Places}" : $"the AWS profile '{name}' in {profiles.Places} has neither keys nor a role, single sign-on or a process",
            "Write the profile there ('aws configure'), or name another.");
    }

    private async Task<Expiring<AwsKeys>?> FetchAsync(string name, IReadOnlyDictionary<string, string> settings, int depth, CancellationToken cancellationToken)
    {
        if (depth > MaxDepth) throw new IdentityException($"the AWS profile '{name}' is its own source_profile, by others between");
        if (Get(settings, "role_arn") is { } role)
        {
            if (Get(settings, "web_identity_token_file") is { } file) return await tokens.WithWebIdentityAsync(role, file, Get(settings, "role_session_name"), cancellationToken).ConfigureAwait(false);
            var source = await SourceAsync(name, settings, depth, cancellationToken).ConfigureAwait(false);
            return await tokens.AssumeAsync(new AwsRole(role, Get(settings, "role_session_name"), Get(settings, "external_id"), Get(settings, "duration_seconds")), source, cancellationToken).ConfigureAwait(false);
        }
        if (Static(settings) is { } keys) return new Expiring<AwsKeys>(keys, null);
        if (Get(settings, "sso_account_id") is not null) return await singleSignOn.FetchAsync(name, settings, profiles, cancellationToken).ConfigureAwait(false);
        return Get(settings, "credential_process") is { } command ? await RunAsync(name, command, cancellationToken).ConfigureAwait(false) : null;
    }

    private async Task<AwsKeys> SourceAsync(string name, IReadOnlyDictionary<string, string> settings, int depth, CancellationToken cancellationToken)
    {
        if (Get(settings, "source_profile") is { } source)
        {
            // A profile may be its own source where it has keys beside its role.
            if (source == name && Static(settings) is { } own) return own;
            var other = profiles.Find(source) ?? throw new IdentityException($"the source_profile '{source}' of the AWS profile '{name}' is not in {profiles.Places}");
            return (await FetchAsync(source, other, depth + 1, cancellationToken).ConfigureAwait(false))?.Value ?? throw new IdentityException($"the source_profile '{source}' of the AWS profile '{name}' has no credentials");
        }
        var found = Get(settings, "credential_source") switch
        {
            "Environment" when environment["AWS_ACCESS_KEY_ID"] is { } id && environment["AWS_SECRET_ACCESS_KEY"] is { } secret => new AwsKeys(id, secret, environment["AWS_SESSION_TOKEN"]),
            "EcsContainer" => (await machine.OfContainerAsync(cancellationToken).ConfigureAwait(false))?.Value,
            "Ec2InstanceMetadata" => (await machine.OfInstanceAsync(cancellationToken).ConfigureAwait(false))?.Value,
            _ => null,
        };
        return found ?? throw new IdentityException($"the role of the AWS profile '{name}' has no source_profile or credential_source that gives keys");
    }

    private static async Task<Expiring<AwsKeys>> RunAsync(string name, string command, CancellationToken cancellationToken)
    {
        bool windows = OperatingSystem.IsWindows();
        var start = new ProcessStartInfo(windows ? "cmd.exe" : "/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(windows ? "/c" : "-c");
        start.ArgumentList.Add(command);
        try
        {
            using var process = Process.Start(start) ?? throw new IdentityException($"the credential_process of the AWS profile '{name}' does not start");
            await using var kill = cancellationToken.Register(static p => Kill((Process)p!), process).ConfigureAwait(false);
            // Its words may hold secrets: they are read, so that it does not wait, and not passed on.
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await errors.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (process.ExitCode != 0) throw new IdentityException($"the credential_process of the AWS profile '{name}' ended with code {process.ExitCode}", "Run the command by hand: it tells what it lacks.");
            using var document = JsonDocument.Parse(output);
            return AwsKeys.Read(document.RootElement) ?? throw new IdentityException($"the credential_process of the AWS profile '{name}' gave no access key");
        }
        catch (Exception e) when (e is JsonException or Win32Exception or InvalidOperationException)
        {
            throw new IdentityException($"the credential_process of the AWS profile '{name}' cannot be run, or its output is not JSON");
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    private static AwsKeys? Static(IReadOnlyDictionary<string, string> settings) =>
        Get(settings, "aws_access_key_id") is { } id && Get(settings, "aws_secret_access_key") is { } secret ? new AwsKeys(id, secret, Get(settings, "aws_session_token")) : null;

    private static string? Get(IReadOnlyDictionary<string, string> settings, string name) => settings.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
