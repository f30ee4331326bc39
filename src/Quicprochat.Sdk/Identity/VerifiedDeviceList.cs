using System.Security.Cryptography;
using Google.Protobuf;
using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Sdk.Identity;

/// <summary>A device list whose signatures hold. Whether it follows another one is asked with <see cref="Follows"/>.</summary>
internal sealed class VerifiedDeviceList
{
    private const int DevicesMax = 16;

    private VerifiedDeviceList(SignedDeviceList signed, DeviceList list, IReadOnlyList<KnownDevice> devices)
    {
        Signed = signed;
        List = list;
        Devices = devices;
        Hash = SHA256.HashData(signed.List.Span);
    }

    public SignedDeviceList Signed { get; }

    public DeviceList List { get; }

    public IReadOnlyList<KnownDevice> Devices { get; }

    /// <summary>What the next version names as the one before.</summary>
    public ReadOnlyMemory<byte> Hash { get; }

    public string Account => List.Account;

    public ReadOnlyMemory<byte> AccountKey => List.AccountKey.Memory;

    public ulong Version => List.Version;

    public KnownDevice? Find(DeviceId id) => Devices.FirstOrDefault(device => device.Id == id);

    /// <summary>Checks a list by itself: its signature, that of every certificate, its bounds. False when anything does not hold.</summary>
    public static bool TryRead(SignedDeviceList? signed, string account, out VerifiedDeviceList? verified)
    {
        verified = null;
        if (signed is null
            || !Protobuf.TryParse(DeviceList.Parser, signed.List.Span, out DeviceList? list)
            || !string.Equals(list.Account, account, StringComparison.Ordinal)
            || !LabelledSignature.Verify(list.AccountKey.Span, LabelledSignature.DeviceList, signed.List.Span, signed.Signature.Span)
            || list.Version == 0
            || list.Devices.Count is 0 or > DevicesMax
            || list.PreviousHash.Length != (list.Version == 1 ? 0 : SHA256.HashSizeInBytes))
        {
            return false;
        }
        var devices = new List<KnownDevice>();
        foreach (SignedDeviceCertificate certificate in list.Devices)
        {
            if (!KnownDevice.TryRead(certificate, account, list.AccountKey.Span, out KnownDevice? device) || devices.Exists(other => other.Id == device!.Id))
            {
                return false;
            }
            devices.Add(device!);
        }
        verified = new VerifiedDeviceList(signed, list, devices);
        return true;
    }

    /// <summary>True when this is the very next version of <paramref name="before"/>, or that version itself.</summary>
    public bool Follows(VerifiedDeviceList before) =>
        AccountKey.Span.SequenceEqual(before.AccountKey.Span)
        && (Version == before.Version
            ? Hash.Span.SequenceEqual(before.Hash.Span)
            : Version - 1 == before.Version && List.PreviousHash.Span.SequenceEqual(before.Hash.Span));

    /// <summary>
    /// Checks a whole chain: from version 1 when nothing is known yet, else from the one that is known. The newest list comes out; null when it does not hold together.
    /// </summary>
    public static VerifiedDeviceList? ReadChain(IEnumerable<SignedDeviceList> lists, string account, VerifiedDeviceList? known)
    {
        VerifiedDeviceList? last = known;
        foreach (SignedDeviceList signed in lists)
        {
            if (!TryRead(signed, account, out VerifiedDeviceList? list) || !(last is null ? list!.Version == 1 : list!.Follows(last)))
            {
                return null;
            }
            last = list;
        }
        return last;
    }

    /// <summary>The next version of the list, or the first.</summary>
    public static VerifiedDeviceList Sign(
        AccountKeys keys, VerifiedDeviceList? before, IEnumerable<SignedDeviceCertificate> devices, long nowSeconds)
    {
        var list = new DeviceList
        {
            Account = keys.Account,
            AccountKey = ByteString.CopyFrom(keys.PublicKey.Span),
            Version = (before?.Version ?? 0) + 1,
            PreviousHash = before is null ? ByteString.Empty : ByteString.CopyFrom(before.Hash.Span),
            Created = (ulong)Math.Max(0, nowSeconds),
        };
        list.Devices.Add(devices);
        byte[] bytes = list.ToByteArray();
        var signed = new SignedDeviceList
        {
            List = UnsafeByteOperations.UnsafeWrap(bytes),
            Signature = UnsafeByteOperations.UnsafeWrap(LabelledSignature.Sign(keys.Seed.Span, LabelledSignature.DeviceList, bytes)),
        };
        return TryRead(signed, keys.Account, out VerifiedDeviceList? verified) ? verified! : throw new InvalidOperationException("A device list was signed that does not hold.");
    }
}
