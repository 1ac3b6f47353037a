using Microsoft.Extensions.Logging;

namespace Slipway.Telemetry;

/// <summary>Counts the lines that are logged, so that an alert can follow the log without reading it.</summary>
public sealed class LogCounter(SlipwayMetrics metrics) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            metrics.Logged(Name(logLevel));
        }
    }

    public void Dispose()
    {
        // The metrics are somebody else's.
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Information => "information",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
