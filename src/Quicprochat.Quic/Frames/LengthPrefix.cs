using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>Data behind a variable-length integer that counts it.</summary>
internal static class LengthPrefix
{
    /// <summary>The most data that fits, with its length before it, into <paramref name="free"/> bytes; negative when not even the length does.</summary>
    public static int Capacity(int free)
    {
        if (free <= 1 + 63)
        {
            return free - 1;
        }
        return free <= 2 + VarInt.Max2 ? free - 2 : Math.Max(VarInt.Max2, free - 4);
    }
}
