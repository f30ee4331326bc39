using Google.Protobuf;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>What can be said of a device list by itself (docs/protocol/accounts.md): its form, and that the account key signed it and each of its devices.</summary>
internal static class DeviceListRules
{
    /// <summary>Most devices of an account.</summary>
    public const int DevicesMax = 16;

    /// <summary>Longest list in bytes.</summary>
    public const int LengthMax = 32 * 1024;

    public const int KeyLength = 32;
    public const int SignatureLength = 64;

    /// <summary>Longest name of a device in UTF-16 units.</summary>
    public const int DeviceNameLengthMax = 64;

    /// <summary>The list, or null and a clause that says what is wrong with it.</summary>
    public static NewDeviceList? Check(SignedDeviceList? signed, out string fault)
    {
        fault = "";
        if (signed is null || signed.List.Length is 0 or > LengthMax || signed.Signature.Length != SignatureLength)
        {
            fault = $"a signed list of at most {LengthMax} bytes is needed";
            return null;
        }
        if (!TryParse(DeviceList.Parser, signed.List, out DeviceList list))
        {
            fault = "the list's bytes are no DeviceList";
            return null;
        }
        if (list.AccountKey.Length != KeyLength || !LabeledSignature.IsKey(list.AccountKey.Span)
            || !LabeledSignature.Verify(list.AccountKey.Span, LabeledSignature.DeviceList, signed.List.Span, signed.Signature.Span))
        {
            fault = "the account key did not sign it";
            return null;
        }
        if (list.Version is 0 or > long.MaxValue || list.PreviousHash.Length != (list.Version == 1 ? 0 : Digest.Length))
        {
            fault = "versions count from 1, and every one but the first names the one before by its SHA-256";
            return null;
        }
        List<ListedDevice>? devices = CheckDevices(list, out fault);
        return devices is null ? null : new NewDeviceList
        {
            Account = list.Account,
            AccountKey = list.AccountKey.Memory,
            Signed = new SignedList((long)list.Version, signed.List.Memory, signed.Signature.Memory),
            PreviousHash = list.Version == 1 ? null : new Digest(list.PreviousHash.Span),
            Devices = devices,
        };
    }

    private static List<ListedDevice>? CheckDevices(DeviceList list, out string fault)
    {
        fault = "";
        if (list.Devices.Count is 0 or > DevicesMax)
        {
            fault = $"an account has 1 to {DevicesMax} devices";
            return null;
        }
        var devices = new List<ListedDevice>(list.Devices.Count);
        var seen = new HashSet<ByteString>();
        foreach (SignedDeviceCertificate signed in list.Devices)
        {
            if (signed.Signature.Length != SignatureLength
                || !LabeledSignature.Verify(list.AccountKey.Span, LabeledSignature.DeviceCertificate, signed.Certificate.Span, signed.Signature.Span)
                || !TryParse(DeviceCertificate.Parser, signed.Certificate, out DeviceCertificate certificate)
                || certificate.Account != list.Account)
            {
                fault = "the account key did not sign one of the devices for this account";
                return null;
            }
            if (certificate.DeviceId.Length != DeviceId.Length || certificate.DeviceKey.Length != KeyLength || !LabeledSignature.IsKey(certificate.DeviceKey.Span)
                || certificate.NotAfter > long.MaxValue || certificate.NotAfter <= certificate.NotBefore || certificate.Name.Length > DeviceNameLengthMax)
            {
                fault = $"a device has an id of {DeviceId.Length} bytes, an Ed25519 key, a time in which it is valid, and a name of at most {DeviceNameLengthMax} characters";
                return null;
            }
            if (!seen.Add(certificate.DeviceId) || !seen.Add(certificate.DeviceKey))
            {
                fault = "two devices have the same id or key";
                return null;
            }
            devices.Add(new ListedDevice(new DeviceId(certificate.DeviceId.Span), certificate.DeviceKey.Memory, (long)certificate.NotBefore, (long)certificate.NotAfter));
        }
        return devices;
    }

    private static bool TryParse<T>(MessageParser<T> parser, ByteString bytes, out T message)
        where T : IMessage<T>
    {
        try
        {
            message = parser.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            message = default!;
            return false;
        }
    }
}
