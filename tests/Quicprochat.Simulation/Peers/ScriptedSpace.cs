using Quicprochat.Quic.Packets;

namespace Quicprochat.Simulation.Peers;

/// <summary>A scripted peer's state of one encryption level.</summary>
internal sealed class ScriptedSpace
{
    private readonly SortedDictionary<long, byte[]> _crypto = [];
    private long _cryptoRead;

    public ProtectionKeys? Send { get; set; }

    public ProtectionKeys? Receive { get; set; }

    public long NextPacketNumber { get; set; }

    /// <summary>Where the next CRYPTO bytes go.</summary>
    public long CryptoSent { get; set; }

    /// <summary>Packet numbers received.</summary>
    public SortedSet<long> Received { get; } = [];

    public long LargestReceived => Received.Count == 0 ? -1 : Received.Max;

    /// <summary>Takes the data of a CRYPTO frame; gives what is now in order.</summary>
    public byte[] Assemble(long offset, ReadOnlyMemory<byte> data)
    {
        _crypto[offset] = data.ToArray();
        var ordered = new List<byte>();
        foreach ((long start, byte[] bytes) in _crypto)
        {
            if (start <= _cryptoRead && start + bytes.Length > _cryptoRead)
            {
                ordered.AddRange(bytes[(int)(_cryptoRead - start)..]);
                _cryptoRead = start + bytes.Length;
            }
        }
        return [.. ordered];
    }
}
