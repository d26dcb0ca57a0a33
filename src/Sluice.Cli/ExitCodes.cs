namespace Sluice.Cli;

/// <summary>Exit codes of the command.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    /// <summary>What was asked for could not be done.</summary>
    public const int Failed = 1;
    /// <summary>The command line is wrong, or names what is not there: a key, a model, a file.</summary>
    public const int WrongUsage = 2;
    /// <summary>The configuration has faults, or has no provider where one is needed.</summary>
    public const int ConfigurationInvalid = 3;
    /// <summary>A provider, or the gateway that is asked, could not be reached.</summary>
    public const int ProviderUnreachable = 4;
    /// <summary>A budget has no room.</summary>
    public const int BudgetSpent = 5;
}
