using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Guichet.Support;

/// <summary>What a node logs of exceptions that nobody expected.</summary>
public sealed class FailureLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> failures = new();

    public string? Last => failures.LastOrDefault();

    public override string ToString() => string.Join("\n\n", failures.Distinct());

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) failures.Enqueue(string.Join('\n', $"{formatter(state, exception)}\n{exception}".Split('\n').Take(8)));
    }

    public void Dispose()
    {
    }
}
