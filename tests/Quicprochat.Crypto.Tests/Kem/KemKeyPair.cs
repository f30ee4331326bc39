using Quicprochat.Crypto.Kem;

namespace Quicprochat.Crypto.Tests.Kem;

internal readonly record struct KemKeyPair(byte[] Private, byte[] Public)
{
    public static KemKeyPair Generate(KeyEncapsulation kem, IRandomSource random)
    {
        var pair = new KemKeyPair(new byte[kem.PrivateKeySize], new byte[kem.PublicKeySize]);
        kem.GenerateKeyPair(random, pair.Private, pair.Public);
        return pair;
    }

    public static KemKeyPair Derive(KeyEncapsulation kem, byte[] ikm)
    {
        var pair = new KemKeyPair(new byte[kem.PrivateKeySize], new byte[kem.PublicKeySize]);
        kem.DeriveKeyPair(ikm, pair.Private, pair.Public);
        return pair;
    }
}
