using Google.Protobuf;
using Quicprochat.Crypto;
using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Sdk.Identity;

/// <summary>The account key, on a device that holds it.</summary>
internal sealed class AccountKeys : IDisposable
{
    /// <summary>How long a device is vouched for.</summary>
    private const long CertificateSeconds = 10L * 366 * 24 * 60 * 60;

    /// <summary>Clocks may be so far apart.</summary>
    private const long SkewSeconds = 60 * 60;

    public AccountKeys(string account, ReadOnlySpan<byte> seed)
    {
        Account = account;
        Seed = Secret.Copy(seed);
        PublicKey = LabelledSignature.PublicKeyOf(seed);
    }

    public string Account { get; }

    public Secret Seed { get; }

    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Vouches for a device.</summary>
    public SignedDeviceCertificate Certify(DeviceId device, ReadOnlySpan<byte> deviceKey, string name, long nowSeconds)
    {
        long now = Math.Max(SkewSeconds, nowSeconds);
        byte[] certificate = new DeviceCertificate
        {
            Account = Account,
            DeviceId = ByteString.CopyFrom(device.ToArray()),
            DeviceKey = ByteString.CopyFrom(deviceKey),
            NotBefore = (ulong)(now - SkewSeconds),
            NotAfter = (ulong)(now + CertificateSeconds),
            Name = name,
        }.ToByteArray();
        return new SignedDeviceCertificate
        {
            Certificate = UnsafeByteOperations.UnsafeWrap(certificate),
            Signature = UnsafeByteOperations.UnsafeWrap(LabelledSignature.Sign(Seed.Span, LabelledSignature.DeviceCertificate, certificate)),
        };
    }

    public void Dispose() => Seed.Dispose();
}
