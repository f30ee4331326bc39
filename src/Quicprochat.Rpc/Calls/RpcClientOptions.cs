using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Quicprochat.Rpc.Calls;

/// <summary>How calls are made.</summary>
public sealed class RpcClientOptions
{
    /// <summary>Pushes kept until they are read; then the server is held back.</summary>
    public int PushesMax { get; init; } = 64;

    /// <summary>Where to log.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The clock of deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
