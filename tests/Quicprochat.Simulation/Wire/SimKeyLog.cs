using Quicprochat.Quic.Tls;

namespace Quicprochat.Simulation.Wire;

/// <summary>Keeps the secrets of the world's connections for its observers, by the ClientHello's random and the label.</summary>
internal sealed class SimKeyLog : IKeyLog
{
    private readonly Dictionary<(string ClientRandom, string Label), byte[]> _secrets = [];

    public void Write(string label, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> secret) =>
        _secrets[(Convert.ToHexString(clientRandom), label)] = secret.ToArray();

    public bool TryGet(string clientRandom, string label, out byte[] secret) => _secrets.TryGetValue((clientRandom, label), out secret!);
}
