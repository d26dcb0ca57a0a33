using Microsoft.Extensions.Logging;

namespace Sluice.Cli.Hosting;

/// <summary>Writes messages as they are to standard error, one a line: a fault found at a reload reads like one found at the start.</summary>
internal sealed class PlainLogger<T> : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) Console.Error.WriteLine(formatter(state, exception));
    }
}
