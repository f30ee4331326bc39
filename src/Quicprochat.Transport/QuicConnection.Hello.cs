using Quicprochat.Quic;
using Quicprochat.Transport.Certificates;
using Quicprochat.Transport.Loop;

namespace Quicprochat.Transport;

// A server's answer to a ClientHello: the application chooses the options, in its own time and not on the loop.
public sealed partial class QuicConnection
{
    private QuicListener? _listener;
    private CancellationTokenSource? _helloLifetime;

    /// <summary>The listener that waits for this connection; null once it has it, or the handshake failed.</summary>
    internal QuicListener? TakeListener() => Interlocked.Exchange(ref _listener, null);

    /// <summary>On the loop: the hello is <paramref name="listener"/>'s.</summary>
    internal void BeginHello(QuicListener listener)
    {
        _listener = listener;
        _helloLifetime = new CancellationTokenSource();
        ClientHelloInfo hello = Core.Hello!;
        _endpoint.Dispatch(() => _ = AnswerHelloAsync(listener, hello, _helloLifetime.Token));
    }

    /// <summary>On the loop: the hello is nobody's.</summary>
    internal void RefuseHello(long now, TransportErrorCode code, string reason)
    {
        Log.Refused(_log, RemoteEndPoint, reason);
        Core.Refuse(now, code, reason);
    }

    private async Task AnswerHelloAsync(QuicListener listener, ClientHelloInfo hello, CancellationToken cancellationToken)
    {
        try
        {
            QuicServerConnectionOptions options = await listener.ChooseOptionsAsync(this, hello, cancellationToken);
            (ServerConnectionOptions core, CertificateValidator? validator) = CoreOptions.OfServer(options, listener.ApplicationProtocols, this);
            UseOptions(options);
            _validator = validator;
            Post(new LoopAction(this, now => Core.Accept(now, core)));
        }
        catch (Exception e)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                Log.CallbackFailed(_log, this, e);
                TakeListener()?.Report(new QuicException(QuicError.CallbackError, null, "The callback that chooses a connection's options failed.", e));
            }
            Post(new LoopAction(this, now => Core.Refuse(now, TransportErrorCode.ConnectionRefused, "The server does not take this connection.")));
        }
    }

    /// <summary>On the loop: the handshake is complete. False when nobody wants the connection any more.</summary>
    private bool TryHandOver()
    {
        QuicListener? listener = TakeListener();
        if (listener?.TryAdd(this) == true)
        {
            return true;
        }
        listener?.Release();
        return false;
    }

    /// <summary>On the loop: the connection ended, so nobody needs the answer any more.</summary>
    private void CancelHello()
    {
        TakeListener()?.Release();
        if (_helloLifetime is { } lifetime && !_isEstablished)
        {
            _endpoint.Dispatch(lifetime.Cancel);
        }
    }
}
