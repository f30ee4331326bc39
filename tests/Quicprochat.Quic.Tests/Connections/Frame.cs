using Quicprochat.Quic.Frames;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tests.Connections;

/// <summary>Frames as bytes, for packets written by hand.</summary>
internal static class Frame
{
    public static byte[] Ping { get; } = [(byte)FrameType.Ping];

    public static byte[] Padding(int count) => new byte[count];

    public static byte[] PathChallenge(ulong data)
    {
        var writer = new Writer(new byte[PathChallengeFrame.Size]);
        new PathChallengeFrame(data).Write(ref writer);
        return writer.Written.ToArray();
    }

    public static byte[] RetireConnectionId(long sequence)
    {
        var writer = new Writer(new byte[16]);
        new RetireConnectionIdFrame(sequence).Write(ref writer);
        return writer.Written.ToArray();
    }

    /// <summary>An id and a token made of the sequence number, unless they are given.</summary>
    public static byte[] NewConnectionId(long sequence, long retirePriorTo = 0, StatelessResetToken? token = null)
    {
        var writer = new Writer(new byte[64]);
        ConnectionId id = ConnectionId.From([0xc1, 0, 0, 0, 0, 0, 0, (byte)sequence]);
        new NewConnectionIdFrame(sequence, retirePriorTo, id, token ?? Token((byte)sequence)).Write(ref writer);
        return writer.Written.ToArray();
    }

    public static byte[] Crypto(long offset, ReadOnlySpan<byte> data)
    {
        var writer = new Writer(new byte[32 + data.Length]);
        CryptoFrame.WriteHeader(ref writer, offset, data.Length);
        writer.WriteBytes(data);
        return writer.Written.ToArray();
    }

    public static StatelessResetToken Token(byte fill)
    {
        Span<byte> bytes = stackalloc byte[StatelessResetToken.Size];
        bytes.Fill(fill);
        return StatelessResetToken.From(bytes);
    }
}
