using System.Buffers.Binary;

namespace Quicprochat.Mls.Framing;

/// <summary>The key and nonce of one generation (RFC 9420 §9.1), used for one message and zeroed.</summary>
internal sealed class MessageKey(uint generation, byte[] key, byte[] nonce) : IDisposable
{
    public uint Generation { get; } = generation;

    public ReadOnlySpan<byte> Key => key;

    public ReadOnlySpan<byte> Nonce => nonce;

    /// <summary>The nonce with the reuse guard mixed in (RFC 9420 §6.3.1).</summary>
    public void GuardedNonce(uint reuseGuard, Span<byte> nonceOut)
    {
        nonce.CopyTo(nonceOut);
        BinaryPrimitives.WriteUInt32BigEndian(nonceOut, BinaryPrimitives.ReadUInt32BigEndian(nonceOut) ^ reuseGuard);
    }

    public void Dispose()
    {
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(key);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(nonce);
    }
}
