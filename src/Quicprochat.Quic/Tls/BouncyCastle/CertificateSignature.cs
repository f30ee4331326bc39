using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>Lets BouncyCastle's certificate generator sign with an <see cref="ITlsSigner"/>.</summary>
internal sealed class CertificateSignature(ITlsSigner signer, AlgorithmIdentifier algorithm, MemoryStream message) : ISignatureFactory, IStreamCalculator<IBlockResult>, IBlockResult
{
    public object AlgorithmDetails => algorithm;

    public Stream Stream => message;

    public IStreamCalculator<IBlockResult> CreateCalculator() => this;

    public IBlockResult GetResult() => this;

    // BouncyCastle has closed the stream by now; ToArray still gives its bytes.
    public byte[] Collect() => signer.Sign(message.ToArray());

    public int Collect(byte[] buf, int off) => Collect(buf.AsSpan(off));

    public int Collect(Span<byte> output)
    {
        byte[] signature = Collect();
        signature.CopyTo(output);
        return signature.Length;
    }

    public int GetMaxResultLength() => 512;
}
