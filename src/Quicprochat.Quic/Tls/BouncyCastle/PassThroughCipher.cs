using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>A record cipher that protects nothing: in QUIC the packets do (RFC 9001 §4). What it decodes is always handshake, as CRYPTO frames hold nothing else.</summary>
internal sealed class PassThroughCipher : TlsCipher, TlsCipherExt
{
    public static readonly PassThroughCipher Instance = new();

    private PassThroughCipher()
    {
    }

    public bool UsesOpaqueRecordType => true;

    public int GetCiphertextDecodeLimit(int plaintextLimit) => plaintextLimit;

    public int GetCiphertextEncodeLimit(int plaintextLength, int plaintextLimit) => Math.Min(plaintextLength, plaintextLimit);

    public int GetPlaintextLimit(int ciphertextLimit) => ciphertextLimit;

    public int GetPlaintextDecodeLimit(int ciphertextLimit) => ciphertextLimit;

    public int GetPlaintextEncodeLimit(int ciphertextLimit) => ciphertextLimit;

    public TlsDecodeResult DecodeCiphertext(long seqNo, short recordType, ProtocolVersion recordVersion, byte[] ciphertext, int offset, int len) =>
        new(ciphertext, offset, len, ContentType.handshake);

    // Records are taken before they would be encoded, and keys are never updated by TLS.
    public TlsEncodeResult EncodePlaintext(long seqNo, short contentType, ProtocolVersion recordVersion, int headerAllocation, byte[] plaintext, int offset, int len) =>
        throw new TlsFatalAlert(AlertDescription.internal_error);

    public TlsEncodeResult EncodePlaintext(long seqNo, short contentType, ProtocolVersion recordVersion, int headerAllocation, ReadOnlySpan<byte> plaintext) =>
        throw new TlsFatalAlert(AlertDescription.internal_error);

    public void RekeyDecoder() => throw new TlsFatalAlert(AlertDescription.unexpected_message);

    public void RekeyEncoder() => throw new TlsFatalAlert(AlertDescription.internal_error);
}
