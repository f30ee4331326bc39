using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;

namespace Quicprochat.Rpc.Framing;

/// <summary>Reads the one request of a stream, up to its end.</summary>
internal static class RequestReading
{
    /// <summary>The header, with the payload left in <paramref name="buffer"/> behind it.</summary>
    /// <exception cref="RequestException">The frame is too long, cut off, or followed by more; a header that is cut off is all zero.</exception>
    public static async ValueTask<RequestHeader> ReadAsync(IRpcStream stream, FrameBuffer buffer, CancellationToken cancellationToken)
    {
        RequestHeader header = default;
        bool known = false;
        int wanted = FrameLimits.RequestHeader;
        while (true)
        {
            int count = await stream.ReadAsync(buffer.GetMemory(), cancellationToken);
            if (count == 0)
            {
                return buffer.Count == wanted && known ? header : throw Malformed("The request is cut off.", header);
            }
            buffer.Advance(count);
            if (!known && RequestHeader.TryRead(buffer.Span, out header))
            {
                known = true;
                if (header.Length > FrameLimits.PayloadMax)
                {
                    throw TooLarge(header);
                }
                wanted = FrameLimits.RequestHeader + (int)header.Length;
            }
            if (known && buffer.Count > wanted)
            {
                throw Malformed("Bytes follow the request.", header);
            }
        }
    }

    private static RequestException Malformed(string message, RequestHeader header) =>
        new(header, new RpcException(RpcStatus.InvalidArgument, ErrorCodes.FrameMalformed, message));

    private static RequestException TooLarge(RequestHeader header) =>
        new(header, new RpcException(RpcStatus.PayloadTooLarge, ErrorCodes.FrameTooLarge, $"A request has at most {FrameLimits.PayloadMax} bytes; send what is larger as a blob."));
}
