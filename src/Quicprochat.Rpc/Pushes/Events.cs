using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Rpc.Pushes;

/// <summary>Every push, a line each.</summary>
public static class Events
{
    /// <summary>What is in the mailbox, in order.</summary>
    public static RpcEvent<EnvelopesPush> Envelopes { get; } = new(1, "delivery.envelopes", EnvelopesPush.Parser);

    /// <summary>Fewer key packages than the server would like.</summary>
    public static RpcEvent<KeyPackagesLowPush> KeyPackagesLow { get; } = new(2, "keypackages.low", KeyPackagesLowPush.Parser);

    /// <summary>A new device list of somebody this device shares a group with.</summary>
    public static RpcEvent<DevicesChangedPush> DevicesChanged { get; } = new(3, "devices.changed", DevicesChangedPush.Parser);

    /// <summary>The server is going away.</summary>
    public static RpcEvent<DrainingPush> Draining { get; } = new(4, "server.draining", DrainingPush.Parser);

    /// <summary>Number and name of each.</summary>
    public static IReadOnlyList<(ushort Number, string Name)> All { get; } =
    [
        (Envelopes.Number, Envelopes.Name), (KeyPackagesLow.Number, KeyPackagesLow.Name), (DevicesChanged.Number, DevicesChanged.Name), (Draining.Number, Draining.Name),
    ];
}
