using Sluice.Cli.Output;
using Sluice.Errors;

namespace Sluice.Cli.Keys;

/// <summary>What each of the keys commands works with.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="Errors">Where what is not the result is told.</param>
internal sealed record KeyDesk(IKeyRing Keys, TextWriter Errors)
{
    /// <summary>Tells an error and gives the exit code.</summary>
    public int Tell(GatewayError error)
    {
        foreach (string line in error.Message.Split('\n')) Errors.WriteLine($"sluice: {line}");
        return error.StatusOrDefault is 400 or 404 ? ExitCodes.WrongUsage : ErrorText.ExitCode(error);
    }
}
