using System.Security.Cryptography;
using Sluice.Cli.Output;
using Sluice.Configuration;
using Sluice.Errors;
using Sluice.Models;
using Sluice.Providers;
using Sluice.Routing;
using Sluice.Upstream;

namespace Sluice.Cli.Diagnosis;

/// <summary>Asks one provider with one key. Costs nothing: only the model list is read.</summary>
internal static class ProviderProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(30);

    public static async Task<Finding> AskAsync(SluiceConfig config, ProviderConfig provider, ProviderKeyConfig? key, IReadOnlyCollection<string> wanted, CancellationToken cancellationToken)
    {
        var alone = provider with { ApiKeys = key is null ? [] : [key] };
        var finding = new Finding { Provider = provider.Name, Vendor = Vendors.Get(provider.Type).Name, KeyName = provider.ApiKeys.Count > 1 ? key?.Name : null, Reachable = false, Key = KeyState.Unknown };
        GatewayState state;
        try
        {
            state = new GatewayState(config with { Providers = new Dictionary<string, ProviderConfig>(StringComparer.Ordinal) { [provider.Name] = alone }, Routes = new Dictionary<string, RouteConfig>(StringComparer.Ordinal) }, TimeProvider.System);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return finding with { Problem = $"its TLS settings cannot be used: {e.Message}", Remedies = [$"Check providers.{provider.Name}.tls."] };
        }
        using (state)
        {
            var model = state.Current.Providers[0];
            // Credentials of a cloud come from its own files and variables.
            bool hasKey = key is not null || provider.Auth is { Scheme: AuthScheme.Entra } || model.Vendor.Auth.Scheme is VendorAuthScheme.SigV4 or VendorAuthScheme.GoogleOAuth;
            return await AskAsync(finding, model, hasKey, wanted, cancellationToken);
        }
    }

    private static async Task<Finding> AskAsync(Finding finding, ProviderModel provider, bool hasKey, IReadOnlyCollection<string> wanted, CancellationToken cancellationToken)
    {
        // First without the key: a list that anybody may read proves nothing about a key.
        var open = await KnockAsync(provider, cancellationToken);
        finding = finding with { Reachable = open.Error is null, Latency = open.Latency, ClockAhead = open.ClockAhead };
        if (open.Error is { } unreachable) return finding with { Problem = unreachable.Message, Remedies = [.. ErrorText.Remedies(unreachable, provider)] };
        finding = finding with { Remarks = [.. Clock(open.ClockAhead)] };
        if (provider.Vendor.Models is null) return finding with { Remarks = [.. finding.Remarks, $"{provider.Vendor.Name} lists no models, so its key was not tried: {HowToTry(provider)}."] };

        if (provider.Config.Auth?.Scheme == AuthScheme.Passthrough) return finding with { Key = KeyState.NotNeeded, Remarks = [.. finding.Remarks, "clients bring their own key (auth: passthrough), so none was tried"] };
        long began = TimeProvider.System.GetTimestamp();
        var listed = await ModelListClient.FetchAsync(provider, TimeProvider.System, cancellationToken);
        if (listed.Error is { } error)
        {
            bool gone = error.Kind == ErrorKind.Network || error.Kind == ErrorKind.Timeout;
            bool refused = error.Kind == ErrorKind.Authentication || error.Kind == ErrorKind.Permission;
            return finding with { Reachable = !gone, Key = refused ? hasKey ? KeyState.Refused : KeyState.Missing : KeyState.Unknown, Problem = error.Message, Remedies = [.. ErrorText.Remedies(error, provider), .. WrongPath(error, provider)] };
        }
        // The first call also paid for the connection; the second is what calls will see.
        var again = TimeProvider.System.GetElapsedTime(began);
        finding = finding with { Latency = again < open.Latency ? again : open.Latency };
        var key = !hasKey ? KeyState.NotNeeded : open.Answered ? KeyState.Unknown : KeyState.Good;
        return finding with { Key = key, Models = listed.Models.Count, Remarks = [.. finding.Remarks, .. Unproven(key), .. NotListed(provider, listed.Models, wanted)] };
    }

    private static async Task<Knock> KnockAsync(ProviderModel provider, CancellationToken cancellationToken)
    {
        using var timer = new AttemptTimer(TimeProvider.System, Patience, Patience, Patience, cancellationToken);
        var address = provider.Address.Models() ?? provider.Address.Of(provider.Vendor.PrimaryFormat, "model");
        using var message = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in provider.Vendor.Headers) message.Headers.TryAddWithoutValidation(name, value);
        long began = TimeProvider.System.GetTimestamp();
        try
        {
            using var answer = await provider.Client.SendAsync(message, timer.Token);
            var latency = TimeProvider.System.GetElapsedTime(began);
            // The header has whole seconds, rounded down, and was written half way.
            TimeSpan? ahead = answer.Headers.Date is { } date ? TimeProvider.System.GetUtcNow() - (latency / 2) - date.AddMilliseconds(500) : null;
            return new Knock(latency, ahead, answer.IsSuccessStatusCode, null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var timeouts = provider.Config.Timeouts with { FirstToken = Patience, Idle = Patience, Total = Patience };
            return new Knock(null, null, false, UpstreamFailures.Describe(e, provider.Name, timer, timeouts));
        }
    }

    private static string HowToTry(ProviderModel provider) => provider.ChatFormat is null
        ? $"send an embedding request for {provider.Name}/MODEL to 'sluice serve'"
        : $"try it with 'sluice chat -m {provider.Name}/MODEL Hello'";

    private static IEnumerable<string> Clock(TimeSpan? ahead)
    {
        if (ahead is { } skew && skew.Duration() > ClockTolerance)
            yield return $"this machine's clock is {skew.Duration().TotalSeconds:0} s {(skew > TimeSpan.Zero ? "ahead of" : "behind")} the server's: set it by NTP; signed requests (AWS, Google) fail when it is minutes off";
    }

    private static IEnumerable<string> WrongPath(GatewayError error, ProviderModel provider)
    {
        if (error.StatusOrDefault is 404 or 405) yield return $"Its model list was looked for at {provider.Address.Models()?.GetLeftPart(UriPartial.Path)}: check the path of base_url.";
    }

    private static IEnumerable<string> Unproven(KeyState key)
    {
        if (key == KeyState.Unknown) yield return "the list can be read without a key, so whether the key is good was not proven";
    }

    // Azure's list holds base models, and calls name deployments.
    private static IEnumerable<string> NotListed(ProviderModel provider, IReadOnlyList<string> listed, IReadOnlyCollection<string> wanted)
    {
        if (listed.Count == 0) yield return provider.Vendor.Id == "ollama" ? "it has no model yet: get one, e.g. 'ollama pull llama3.2'" : "it lists no model";
        if (listed.Count == 0 || provider.Vendor.AlwaysOwnBase) yield break;
        foreach (string model in wanted.Where(model => !listed.Contains(model, StringComparer.OrdinalIgnoreCase) && !listed.Contains(model + ":latest", StringComparer.OrdinalIgnoreCase)))
            yield return $"the configuration names '{model}', which is not in its list{(Nearest.Find(model, listed) is { } near ? $"; the nearest is '{near}'" : "")}";
    }

    private sealed record Knock(TimeSpan? Latency, TimeSpan? ClockAhead, bool Answered, GatewayError? Error);
}
