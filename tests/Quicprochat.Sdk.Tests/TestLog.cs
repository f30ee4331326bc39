using Microsoft.Extensions.Logging;

namespace Quicprochat.Sdk.Tests;

/// <summary>Logs into the output of the test, when QPC_TEST_LOG is set.</summary>
internal sealed class TestLog : ILogger, ILoggerProvider
{
    private static readonly bool _on = Environment.GetEnvironmentVariable("QPC_TEST_LOG") is not null;

    public static ILoggerFactory Factory { get; } = new Loggers();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => _on;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (_on)
        {
            Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {logLevel} {formatter(state, exception)} {exception}");
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    private sealed class Loggers : ILoggerFactory
    {
        private readonly TestLog _log = new();

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => _log;

        public void Dispose()
        {
        }
    }
}
