namespace Quicprochat.Transport;

/// <summary>The endpoints behind <see cref="QuicConnection.ConnectAsync"/>: one for all who do not care from where they dial, one of its own for each who does. They close with their last connection.</summary>
internal static class ClientEndpoints
{
    private static readonly Lock _lock = new();
    private static QuicEndpoint? _shared;

    /// <summary>An endpoint that stays open at least until the lease is disposed.</summary>
    public static Lease Take(QuicClientConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.LocalEndPoint is { } local)
        {
            return new Lease(QuicEndpoint.Open(new QuicEndpointOptions { LocalEndPoint = local, LoggerFactory = options.LoggerFactory }));
        }
        lock (_lock)
        {
            if (_shared?.TryJoin() != true)
            {
                _shared = QuicEndpoint.Open(new QuicEndpointOptions { LoggerFactory = options.LoggerFactory });
            }
            return new Lease(_shared);
        }
    }

    /// <summary>Keeps an endpoint open.</summary>
    public sealed class Lease(QuicEndpoint endpoint) : IDisposable
    {
        public QuicEndpoint Endpoint => endpoint;

        public void Dispose() => endpoint.Leave();
    }
}
