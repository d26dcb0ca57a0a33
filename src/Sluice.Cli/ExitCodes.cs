namespace Sluice.Cli;

/// <summary>Exit codes of the command.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int ConfigurationInvalid = 3;
    public const int ProviderUnreachable = 4;
    public const int BudgetSpent = 5;
}
