using System.Buffers.Binary;
using Quicprochat.Rpc.Calls;

namespace Quicprochat.Rpc.Framing;

/// <summary>status u8 | request id u32 | length u32.</summary>
internal readonly record struct ResponseHeader(RpcStatus Status, uint RequestId, uint Length)
{
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ResponseHeader header)
    {
        if (bytes.Length < FrameLimits.ResponseHeader)
        {
            header = default;
            return false;
        }
        header = new ResponseHeader((RpcStatus)bytes[0], BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]));
        return true;
    }

    public void Write(Span<byte> bytes)
    {
        bytes[0] = (byte)Status;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[1..], RequestId);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[5..], Length);
    }
}
