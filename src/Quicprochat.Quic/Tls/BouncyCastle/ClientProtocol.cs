using Org.BouncyCastle.Tls;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>BouncyCastle's client without its record layer: handshake messages go to the session bare, nothing else goes anywhere.</summary>
internal sealed class ClientProtocol(TlsSession session) : TlsClientProtocol
{
    protected override void WriteRecord(short type, byte[] buf, int off, int len) => session.OnRecord(type, buf.AsSpan(off, len));

    protected override void WriteRecord(short type, ReadOnlySpan<byte> buffer) => session.OnRecord(type, buffer);

    protected override void Process13HelloRetryRequest(ServerHello helloRetryRequest)
    {
        RefuseTransportParameters(helloRetryRequest.Extensions);
        base.Process13HelloRetryRequest(helloRetryRequest);
    }

    protected override void Process13ServerHello(ServerHello serverHello, bool afterHelloRetryRequest)
    {
        RefuseTransportParameters(serverHello.Extensions);
        if (serverHello.Extensions is { } extensions && TlsExtensionsUtilities.GetKeyShareServerHello(extensions) is { } share)
        {
            HybridShare.RequireServerSize(share);
        }

        base.Process13ServerHello(serverHello, afterHelloRetryRequest);
    }

    /// <summary>BouncyCastle does not know the extension, so it does not know that EncryptedExtensions is its only place.</summary>
    private static void RefuseTransportParameters(IDictionary<int, byte[]>? extensions)
    {
        if (extensions is not null && extensions.ContainsKey(TlsExtensionType.QuicTransportParameters))
        {
            throw new TlsFatalAlert(AlertDescription.illegal_parameter); // RFC 9846 §4.3
        }
    }
}
