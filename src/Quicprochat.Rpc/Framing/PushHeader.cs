using System.Buffers.Binary;

namespace Quicprochat.Rpc.Framing;

/// <summary>event u16 | length u32.</summary>
internal readonly record struct PushHeader(ushort Event, uint Length)
{
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PushHeader header)
    {
        if (bytes.Length < FrameLimits.PushHeader)
        {
            header = default;
            return false;
        }
        header = new PushHeader(BinaryPrimitives.ReadUInt16BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]));
        return true;
    }

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, Event);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], Length);
    }
}
