using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Quicprochat.Rpc.Calls;

/// <summary>How calls are served.</summary>
public sealed class RpcServerOptions
{
    /// <summary>Calls of one connection at once; more wait.</summary>
    public int CallsMax { get; init; } = 256;

    /// <summary>The longest time a call may ask for.</summary>
    public TimeSpan CallTimeoutMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a request may take to arrive.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Asked before each handler; an exception is the answer. Null lets everything pass.</summary>
    public Func<RpcMethod, RpcException?>? Gate { get; init; }

    /// <summary>For metrics.</summary>
    public IRpcObserver? Observer { get; init; }

    /// <summary>Where faults are logged.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
