using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Quicprochat.Transport.Tests;

/// <summary>Keeps what was logged, and shows it with the test that failed.</summary>
internal sealed class TestLogs : ILoggerFactory, ILogger
{
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;

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
        try
        {
            _output?.WriteLine($"{logLevel}: {message} {exception}");
        }
        catch (InvalidOperationException)
        {
            // The test is over, the connection was not yet.
        }
    }

    public void Dispose()
    {
    }
}
