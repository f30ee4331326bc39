using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Hosting;
using Quicprochat.Server.Services;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Handlers;

/// <summary>800–809: the server itself.</summary>
internal sealed class HealthHandlers(QpcServerOptions options, ServerIdentity server, ServerStatus status, ServerMeter meter, TimeProvider clock)
{
    private static readonly string _version = typeof(HealthHandlers).Assembly.GetName().Version?.ToString(3) ?? "";

    public ValueTask<HealthResponse> HealthAsync(ClientSession session, HealthRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(new HealthResponse
    {
        State = status.IsDraining ? HealthResponse.Types.State.Draining : HealthResponse.Types.State.Serving,
        UptimeMs = (ulong)status.Uptime.TotalMilliseconds,
        Connections = (uint)meter.Connections,
        CallsInFlight = (uint)meter.CallsInFlight,
    });

    public ValueTask<ServerInfoResponse> InfoAsync(ClientSession session, ServerInfoRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(new ServerInfoResponse
    {
        Name = server.Name,
        Version = _version,
        Registration = options.Registration switch
        {
            RegistrationPolicy.Open => ServerInfoResponse.Types.Registration.Open,
            RegistrationPolicy.Invite => ServerInfoResponse.Types.Registration.Invite,
            _ => ServerInfoResponse.Types.Registration.Closed,
        },
        ServerTimeMs = (ulong)clock.GetUtcNow().ToUnixTimeMilliseconds(),
        MessageLengthMax = Arguments.InlineLengthMax,
        BlobLengthMax = (ulong)Arguments.BlobLengthMax,
        RetentionSeconds = (ulong)options.MessageRetention.TotalSeconds,
        PastEpochsMax = (uint)new StoreLimits().PastEpochsMax,
    });
}
