using System.Text;
using Microsoft.Extensions.Logging;

namespace Slipway.Tests.Controllers;

/// <summary>All that was logged, a line each with its level.</summary>
internal sealed class CollectedLog : ILoggerFactory, ILogger
{
    private readonly StringBuilder _lines = new();

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("this log is the only provider");

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.AppendLine($"{logLevel} {formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
        // Nothing to let go of.
    }

    public override string ToString()
    {
        lock (_lines)
        {
            return _lines.ToString();
        }
    }
}
