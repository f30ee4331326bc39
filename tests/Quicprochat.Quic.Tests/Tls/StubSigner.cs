using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

/// <summary>Claims any scheme and signs as it is told.</summary>
internal sealed class StubSigner(ushort scheme, Func<byte[], byte[]> sign) : ITlsSigner
{
    public ushort SignatureScheme => scheme;

    public byte[] Sign(ReadOnlySpan<byte> message) => sign(message.ToArray());
}
