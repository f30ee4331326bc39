using System.Buffers;
using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;

namespace Quicprochat.Rpc.Framing;

/// <summary>Writes frames, each with one write.</summary>
internal static class FrameWriting
{
    public static ValueTask WriteRequestAsync(IRpcStream stream, RequestHeader header, IMessage payload, CancellationToken cancellationToken)
    {
        int length = CheckedSize(payload);
        byte[] frame = ArrayPool<byte>.Shared.Rent(FrameLimits.RequestHeader + length);
        (header with { Length = (uint)length }).Write(frame);
        payload.WriteTo(frame.AsSpan(FrameLimits.RequestHeader, length));
        return WriteAndReturnAsync(stream, frame, FrameLimits.RequestHeader + length, end: true, cancellationToken);
    }

    public static ValueTask WriteResponseAsync(IRpcStream stream, RpcStatus status, uint requestId, IMessage payload, CancellationToken cancellationToken)
    {
        int length = CheckedSize(payload);
        byte[] frame = ArrayPool<byte>.Shared.Rent(FrameLimits.ResponseHeader + length);
        new ResponseHeader(status, requestId, (uint)length).Write(frame);
        payload.WriteTo(frame.AsSpan(FrameLimits.ResponseHeader, length));
        return WriteAndReturnAsync(stream, frame, FrameLimits.ResponseHeader + length, end: true, cancellationToken);
    }

    public static ValueTask WritePushAsync(IRpcStream stream, ushort number, IMessage payload, CancellationToken cancellationToken)
    {
        int length = CheckedSize(payload);
        byte[] frame = ArrayPool<byte>.Shared.Rent(FrameLimits.PushHeader + length);
        new PushHeader(number, (uint)length).Write(frame);
        payload.WriteTo(frame.AsSpan(FrameLimits.PushHeader, length));
        return WriteAndReturnAsync(stream, frame, FrameLimits.PushHeader + length, end: false, cancellationToken);
    }

    private static int CheckedSize(IMessage payload)
    {
        int length = payload.CalculateSize();
        return length <= FrameLimits.PayloadMax
            ? length
            : throw new RpcException(RpcStatus.PayloadTooLarge, ErrorCodes.FrameTooLarge, $"A payload has at most {FrameLimits.PayloadMax} bytes; send what is larger as a blob.");
    }

    private static async ValueTask WriteAndReturnAsync(IRpcStream stream, byte[] frame, int length, bool end, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(frame.AsMemory(0, length), end, cancellationToken);

        // Not after a failure: a write that was given up may still be reading.
        ArrayPool<byte>.Shared.Return(frame);
    }
}
