using System.Buffers.Binary;

namespace Quicprochat.Rpc.Framing;

/// <summary>method u16 | request id u32 | timeout ms u32 | length u32.</summary>
internal readonly record struct RequestHeader(ushort Method, uint RequestId, uint TimeoutMs, uint Length)
{
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RequestHeader header)
    {
        if (bytes.Length < FrameLimits.RequestHeader)
        {
            header = default;
            return false;
        }
        header = new RequestHeader(
            BinaryPrimitives.ReadUInt16BigEndian(bytes),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[6..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[10..]));
        return true;
    }

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, Method);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], RequestId);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[6..], TimeoutMs);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[10..], Length);
    }
}
