using Microsoft.Extensions.Logging;
using Slipway.Kube;
using Slipway.Leadership;

namespace Slipway.Tests.Simulation.Whole;

/// <summary>What the processes log, and what happens beside, in one line each with its instant; an exception that nobody foresaw is a violation.</summary>
internal sealed class WholeLog(WholeWorld world) : ILoggerFactory, ILogger
{
    private const int Most = 4000;

    private readonly Queue<string> _lines = new();

    public void Note(string line)
    {
        lock (_lines)
        {
            _lines.Enqueue($"{world.Elapsed.TotalSeconds,8:0.0} {line}");
            if (_lines.Count > Most)
            {
                _lines.Dequeue();
            }
        }
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("this log is the only provider");

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = formatter(state, exception);
        Note($"{logLevel.ToString()[..4]} {text}");
        if (text.Contains("was not sent", StringComparison.Ordinal) || text.Contains("was cut off", StringComparison.Ordinal))
        {
            world.Witness.Check("the fence refused", true, "");
        }

        if (eventId.Name == "LogFailed" || exception is not null)
        {
            world.Witness.Check("no pass throws", exception is null or KubeException or OperationCanceledException or NotLeaderException, $"{text}: {exception}");
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
            return string.Join('\n', _lines);
        }
    }
}
