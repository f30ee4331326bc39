using System.Threading.Channels;
using Google.Protobuf;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Framing;

namespace Quicprochat.Rpc.Pushes;

/// <summary>The server's unidirectional stream, opened at the first push.</summary>
internal sealed class PushWriter(IRpcConnection connection)
{
    /// <summary>Whoever has put something in has the turn.</summary>
    private readonly Channel<bool> _turn = Channel.CreateBounded<bool>(1);

    private IRpcStream? _stream;

    public async ValueTask WriteAsync(ushort number, IMessage message, CancellationToken cancellationToken)
    {
        await _turn.Writer.WriteAsync(true, cancellationToken);
        try
        {
            _stream ??= await connection.OpenStreamAsync(bidirectional: false, cancellationToken);

            // Half a frame would spoil all that follow: once begun, only the connection's end stops it.
            await FrameWriting.WritePushAsync(_stream, number, message, CancellationToken.None);
        }
        finally
        {
            _turn.Reader.TryRead(out _);
        }
    }
}
