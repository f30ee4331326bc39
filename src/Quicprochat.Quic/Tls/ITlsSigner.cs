using Quicprochat.Crypto.Signatures;

namespace Quicprochat.Quic.Tls;

/// <summary>A certificate's private key, wherever it lives.</summary>
public interface ITlsSigner
{
    /// <summary>The TLS SignatureScheme code point it signs with: a <see cref="SignatureAlgorithm"/> value, or 0x0804 for rsa_pss_rsae_sha256.</summary>
    ushort SignatureScheme { get; }

    /// <summary>Signs the whole message (it is not yet hashed).</summary>
    byte[] Sign(ReadOnlySpan<byte> message);
}
