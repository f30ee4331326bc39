using System.Threading.Channels;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Framing;

namespace Quicprochat.Rpc.Pushes;

/// <summary>Takes the server's unidirectional stream apart. What nobody reads holds the server back.</summary>
internal static class PushReader
{
    /// <summary>Reads until the stream ends, or breaks off with a frame that is no frame.</summary>
    public static async Task ReadAsync(IRpcStream stream, ChannelWriter<RpcPush> pushes, CancellationToken cancellationToken)
    {
        using var buffer = new FrameBuffer();
        int count;
        while ((count = await stream.ReadAsync(buffer.GetMemory(), cancellationToken)) > 0)
        {
            buffer.Advance(count);
            while (PushHeader.TryRead(buffer.Span, out PushHeader header))
            {
                if (header.Length > FrameLimits.PayloadMax)
                {
                    stream.Abort(StreamCode.ProtocolError);
                    throw new RpcConnectionException(RpcConnectionError.Lost, "The server pushed a frame that is too long.");
                }
                int length = FrameLimits.PushHeader + (int)header.Length;
                if (buffer.Count < length)
                {
                    break;
                }
                byte[] payload = buffer.Span[FrameLimits.PushHeader..length].ToArray();
                buffer.Consume(length);
                await pushes.WriteAsync(new RpcPush(header.Event, payload), cancellationToken);
            }
        }
    }
}
