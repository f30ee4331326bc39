using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Sdk.Identity;

/// <summary>A device as its account vouches for it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Key">Its Ed25519 key.</param>
/// <param name="Certificate">The certificate.</param>
/// <param name="Signed">The certificate as it was signed.</param>
internal sealed record KnownDevice(DeviceId Id, ReadOnlyMemory<byte> Key, DeviceCertificate Certificate, SignedDeviceCertificate Signed)
{
    /// <summary>Reads a certificate and checks all that it says by itself; false when anything does not hold.</summary>
    public static bool TryRead(SignedDeviceCertificate? signed, string account, ReadOnlySpan<byte> accountKey, out KnownDevice? device)
    {
        device = null;
        if (signed is null
            || !LabelledSignature.Verify(accountKey, LabelledSignature.DeviceCertificate, signed.Certificate.Span, signed.Signature.Span)
            || !Protobuf.TryParse(DeviceCertificate.Parser, signed.Certificate.Span, out DeviceCertificate? certificate)
            || !string.Equals(certificate.Account, account, StringComparison.Ordinal)
            || !DeviceId.TryFrom(certificate.DeviceId.Span, out DeviceId id)
            || certificate.DeviceKey.Length != LabelledSignature.KeySize
            || certificate.NotAfter < certificate.NotBefore)
        {
            return false;
        }
        device = new KnownDevice(id, certificate.DeviceKey.Memory, certificate, signed);
        return true;
    }
}
