using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Quicprochat.Transport.Tests;

/// <summary>Keeps what was logged, and shows it with the test that failed.</summary>
internal sealed class TestLogs : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(LogLevel Level, string Message, Exception? Exception)> Entries { get; } = new();

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string message = formatter(state, exception);
        Entries.Enqueue((logLevel, message, exception));
        TestContext.Current.TestOutputHelper?.WriteLine($"{logLevel}: {message} {exception}");
    }

    public void Dispose()
    {
    }
}
