namespace Quicprochat.Crypto.Kem;

/// <summary>
/// A private key set up for decapsulation, for a KEM whose serialized private key is a seed that costs time to expand.
/// For one thread. Disposing zeroes what the library allows to be zeroed.
/// </summary>
public abstract class DecapsulationKey : IDisposable
{
    /// <summary>Recovers the shared secret; false when <paramref name="encapsulation"/> is not valid for this key.</summary>
    public abstract bool TryDecapsulate(ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret);

    /// <inheritdoc/>
    public abstract void Dispose();
}
