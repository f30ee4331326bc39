using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Recovery;
using Quicprochat.Quic.Streams;

namespace Quicprochat.Quic;

/// <summary>
/// All that belongs to one packet number space (RFC 9000 §12.3): its keys, its CRYPTO stream, what was received and what was sent.
/// The keys of the 1-RTT space change phase and live in <see cref="ApplicationKeys"/>.
/// </summary>
internal sealed class PacketSpace(EncryptionLevel level, StreamMemory memory) : IDisposable
{
    /// <summary>The level whose packets are counted here.</summary>
    public EncryptionLevel Level { get; } = level;

    /// <summary>Handshake bytes, both ways.</summary>
    public CryptoStream Crypto { get; } = new(memory);

    /// <summary>Numbers received.</summary>
    public ReceivedPackets Received { get; } = new();

    /// <summary>When they are acknowledged.</summary>
    public AckScheduler Acks { get; } = new(isImmediate: level != EncryptionLevel.Application);

    /// <summary>Packets in flight, and which of them are lost.</summary>
    public LossDetector Loss { get; } = new(new SentPacketLog());

    /// <summary>Packets in flight.</summary>
    public SentPacketLog Sent => Loss.Log;

    /// <summary>The number of the next packet sent.</summary>
    public long NextNumber { get; set; }

    /// <summary>Probe packets to send, whatever the congestion window says (RFC 9002 §6.2.4).</summary>
    public int ProbesDue { get; set; }

    /// <summary>Keys for sending; null before they exist, and in the 1-RTT space.</summary>
    public ProtectionKeys? SendKeys { get; private set; }

    /// <summary>Keys for receiving; null before they exist, and in the 1-RTT space.</summary>
    public ProtectionKeys? ReceiveKeys { get; private set; }

    /// <summary>True while the space has keys of both directions.</summary>
    public bool HasKeys { get; private set; }

    /// <summary>True once its keys have been thrown away for good.</summary>
    public bool IsDiscarded { get; private set; }

    /// <summary>Packets received with each ECN mark; null while none had one.</summary>
    public EcnCounts? EcnCounts { get; private set; }

    /// <summary>Sets the keys; those that stood there are zeroed. Null for the 1-RTT space, whose keys change phase.</summary>
    public void Install(ProtectionKeys? send, ProtectionKeys? receive)
    {
        SendKeys?.Dispose();
        ReceiveKeys?.Dispose();
        SendKeys = send;
        ReceiveKeys = receive;
        HasKeys = true;
    }

    /// <summary>Counts a packet's mark (RFC 9000 §13.4.1).</summary>
    public void CountEcn(Ecn mark)
    {
        if (mark == Ecn.NotEct)
        {
            return;
        }
        EcnCounts counts = EcnCounts ?? default;
        EcnCounts = mark switch
        {
            Ecn.Ect0 => counts with { Ect0 = counts.Ect0 + 1 },
            Ecn.Ect1 => counts with { Ect1 = counts.Ect1 + 1 },
            _ => counts with { Ce = counts.Ce + 1 },
        };
    }

    /// <summary>Throws keys, handshake bytes and unacknowledged packets away (RFC 9001 §4.9); says how many bytes were in flight.</summary>
    public long Discard()
    {
        if (IsDiscarded)
        {
            return 0;
        }
        IsDiscarded = true;
        HasKeys = false;
        ProbesDue = 0;
        Dispose();
        Acks.OnSent();
        return Loss.Discard();
    }

    public void Dispose()
    {
        SendKeys?.Dispose();
        ReceiveKeys?.Dispose();
        SendKeys = null;
        ReceiveKeys = null;
        Crypto.Discard();
    }
}
