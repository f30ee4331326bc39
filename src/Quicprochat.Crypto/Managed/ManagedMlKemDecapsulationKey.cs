using Org.BouncyCastle.Crypto.Kems;
using Quicprochat.Crypto.Kem;

namespace Quicprochat.Crypto.Managed;

internal sealed class ManagedMlKemDecapsulationKey(ManagedMlKem kem, MLKemDecapsulator decapsulator) : DecapsulationKey
{
    private MLKemDecapsulator? _decapsulator = decapsulator;

    public override bool TryDecapsulate(ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret)
    {
        ObjectDisposedException.ThrowIf(_decapsulator is null, this);
        Length.Require(sharedSecret.Length, kem.SharedSecretSize);
        if (encapsulation.Length != kem.EncapsulationSize)
        {
            return false;
        }

        _decapsulator.Decapsulate(encapsulation, sharedSecret);
        return true;
    }

    public override void Dispose() => _decapsulator = null;
}
