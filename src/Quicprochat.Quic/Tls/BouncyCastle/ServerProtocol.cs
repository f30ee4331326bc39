using Org.BouncyCastle.Tls;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>BouncyCastle's server without its record layer: handshake messages go to the session bare, nothing else goes anywhere.</summary>
internal sealed class ServerProtocol(TlsSession session) : TlsServerProtocol
{
    protected override void WriteRecord(short type, byte[] buf, int off, int len) => session.OnRecord(type, buf.AsSpan(off, len));

    protected override void WriteRecord(short type, ReadOnlySpan<byte> buffer) => session.OnRecord(type, buffer);

    protected override ServerHello Generate13ServerHello(Org.BouncyCastle.Tls.ClientHello clientHello, HandshakeMessageInput clientHelloMessage, bool afterHelloRetryRequest)
    {
        foreach (KeyShareEntry share in TlsExtensionsUtilities.GetKeyShareClientHello(clientHello.Extensions) ?? [])
        {
            HybridShare.RequireClientSize(share);
        }

        return base.Generate13ServerHello(clientHello, clientHelloMessage, afterHelloRetryRequest);
    }
}
