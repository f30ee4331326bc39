using System.Security.Cryptography;
using System.Text;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Hash;

namespace Quicprochat.Quic.Tls;

/// <summary>Keying material both ends of a finished handshake can derive (RFC 9846 §7.5).</summary>
/// <param name="hash">The hash of the cipher suite.</param>
/// <param name="exporterSecret">The exporter secret, owned and zeroed by the exporter.</param>
internal sealed class TlsExporter(HashFunction hash, Secret exporterSecret) : IDisposable
{
    /// <summary>False when the label is not ASCII, or label or output are longer than HKDF-Expand-Label takes.</summary>
    public bool TryExport(string label, ReadOnlySpan<byte> context, Span<byte> destination)
    {
        if (!Ascii.IsValid(label) || label.Length > HkdfLabel.LabelSizeMax || destination.Length > 255 * hash.Size)
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[HashFunction.SizeMax];
        Span<byte> derived = stackalloc byte[HashFunction.SizeMax];
        digest = digest[..hash.Size];
        derived = derived[..hash.Size];
        hash.Compute([], digest);
        HkdfLabel.Expand(hash, exporterSecret.Span, label, digest, derived);
        hash.Compute(context, digest);
        HkdfLabel.Expand(hash, derived, "exporter", digest, destination);
        CryptographicOperations.ZeroMemory(derived);
        return true;
    }

    public void Dispose() => exporterSecret.Dispose();
}
