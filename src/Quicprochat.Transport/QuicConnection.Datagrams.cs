using System.Threading.Channels;

namespace Quicprochat.Transport;

// Datagrams (RFC 9221): unreliable, unordered, each whole or not at all.
public sealed partial class QuicConnection
{
    /// <summary>Datagrams that wait to be handed to the connection; a sender beyond waits.</summary>
    private const int OutgoingMax = 64;

    private readonly Channel<ReadOnlyMemory<byte>> _outgoingDatagrams;
    private Channel<ReadOnlyMemory<byte>>? _datagrams;
    private int _datagramsScheduled;
    private int _maxDatagramSize;

    /// <summary>Longest payload that one datagram can carry to the peer now, in bytes; 0 when the peer takes none. It follows the path's MTU.</summary>
    public int MaxDatagramSize => Volatile.Read(ref _maxDatagramSize);

    /// <summary>Queues a datagram; waits while the queue is full. That it was sent does not mean that it arrives.</summary>
    /// <param name="payload">At most <see cref="MaxDatagramSize"/> bytes; copied.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentException">The payload is too long.</exception>
    public async ValueTask SendDatagramAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        if (payload.Length > MaxDatagramSize && Volatile.Read(ref _failure) is null)
        {
            throw new ArgumentException($"The peer takes datagrams of {MaxDatagramSize} bytes at most; this one has {payload.Length}.", nameof(payload));
        }
        try
        {
            await _outgoingDatagrams.Writer.WriteAsync(payload.ToArray(), cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw EndOfLoop.ToException();
        }
        if (Interlocked.Exchange(ref _datagramsScheduled, 1) == 0)
        {
            Post(this);
        }
    }

    /// <summary>Waits for a datagram of the peer's. The oldest ones are dropped when nobody takes them.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveDatagramAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        return await Take(_datagrams?.Reader ?? throw new InvalidOperationException("The connection is not established."), cancellationToken);
    }

    /// <summary>On the loop.</summary>
    private void SendDatagrams()
    {
        Volatile.Write(ref _maxDatagramSize, Core.MaxDatagramSize);
        while (_outgoingDatagrams.Reader.TryPeek(out ReadOnlyMemory<byte> payload))
        {
            // One that the path has become too narrow for is lost, as datagrams may be.
            if (!Core.TrySendDatagram(payload.Span) && payload.Length <= Core.MaxDatagramSize)
            {
                return;
            }
            _outgoingDatagrams.Reader.TryRead(out _);
        }
    }

    /// <summary>On the loop.</summary>
    private void TakeDatagrams()
    {
        while (Core.TryTakeDatagram(Scratch, out int count))
        {
            _datagrams?.Writer.TryWrite(Scratch.AsSpan(0, count).ToArray());
        }
    }
}
