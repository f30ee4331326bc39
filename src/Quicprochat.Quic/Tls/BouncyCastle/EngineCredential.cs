using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>A <see cref="TlsCredential"/> in BouncyCastle's form.</summary>
internal sealed class EngineCredential(TlsCredential credential, MemoryStream message) : TlsCredentialedSigner, TlsStreamSigner
{
    public Certificate Certificate { get; } = new(
        [], [.. credential.CertificateChain.Select(der => new CertificateEntry(new WireCertificate(der.ToArray()), null))]);

    public SignatureAndHashAlgorithm SignatureAndHashAlgorithm { get; } =
        Org.BouncyCastle.Tls.SignatureScheme.GetSignatureAndHashAlgorithm(credential.Signer.SignatureScheme);

    public Stream Stream => message;

    /// <summary>Always this: an <see cref="ITlsSigner"/> takes the message, not its hash.</summary>
    public TlsStreamSigner GetStreamSigner() => this;

    public byte[] GetSignature()
    {
        try
        {
            // BouncyCastle has closed the stream by now; ToArray still gives its bytes.
            return credential.Signer.Sign(message.ToArray());
        }
        catch (Exception exception)
        {
            throw new LocalFaultException(exception);
        }
    }

    public byte[] GenerateRawSignature(byte[] hash) => throw new TlsFatalAlert(AlertDescription.internal_error);
}
