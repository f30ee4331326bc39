namespace Quicprochat.Crypto.Kem;

/// <summary>For a KEM that has nothing to gain from keeping an expanded key.</summary>
internal sealed class SerializedDecapsulationKey(KeyEncapsulation kem, ReadOnlySpan<byte> privateKey) : DecapsulationKey
{
    private readonly Secret _privateKey = Secret.Copy(privateKey);

    public override bool TryDecapsulate(ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret) =>
        kem.TryDecapsulate(_privateKey.Span, encapsulation, sharedSecret);

    public override void Dispose() => _privateKey.Dispose();
}
