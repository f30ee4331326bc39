using Google.Protobuf;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Signatures;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Services;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests;

/// <summary>An account as a client has it: its key, and the chain of lists it signed.</summary>
internal sealed class TestAccount
{
    private static readonly SignatureScheme _ed25519 = CryptoProvider.Default.Signature(SignatureAlgorithm.Ed25519);

    private readonly byte[] _key = new byte[32];

    public TestAccount(string name)
    {
        Name = name;
        _ed25519.GenerateKeyPair(SystemRandomSource.Instance, _key, PublicKey);
        Devices.Add(new TestDevice(this));
        Lists.Add(SignList());
    }

    public string Name { get; }

    public byte[] PublicKey { get; } = new byte[32];

    public List<TestDevice> Devices { get; } = [];

    public List<SignedDeviceList> Lists { get; } = [];

    public TestDevice Device => Devices[0];

    public SignedDeviceList Newest => Lists[^1];

    /// <summary>The next list, of the devices there are now.</summary>
    public SignedDeviceList NextList()
    {
        Lists.Add(SignList());
        return Newest;
    }

    /// <summary>A list that <paramref name="change"/> spoils before it is signed.</summary>
    public SignedDeviceList SignList(Action<DeviceList>? change = null, Action<DeviceCertificate>? changeDevice = null)
    {
        var list = new DeviceList
        {
            Account = Name,
            AccountKey = ByteString.CopyFrom(PublicKey),
            Version = (ulong)Lists.Count + 1,
            PreviousHash = Lists.Count == 0 ? ByteString.Empty : ByteString.CopyFrom(Digest.Of(Newest.List.Span).ToArray()),
            Created = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
        };
        foreach (TestDevice device in Devices)
        {
            DeviceCertificate certificate = device.Certificate();
            changeDevice?.Invoke(certificate);
            ByteString bytes = certificate.ToByteString();
            list.Devices.Add(new SignedDeviceCertificate { Certificate = bytes, Signature = Sign(LabeledSignature.DeviceCertificate, bytes.Span) });
        }
        change?.Invoke(list);
        ByteString signed = list.ToByteString();
        return new SignedDeviceList { List = signed, Signature = Sign(LabeledSignature.DeviceList, signed.Span) };
    }

    public ByteString Sign(ReadOnlySpan<byte> label, ReadOnlySpan<byte> message) => Sign(_key, label, message);

    public static ByteString Sign(byte[] key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> message)
    {
        byte[] signature = new byte[64];
        _ed25519.Sign(key, [.. label, 0, .. message], signature);
        return ByteString.CopyFrom(signature);
    }

    public static (byte[] Private, byte[] Public) NewKey()
    {
        var pair = (Private: new byte[32], Public: new byte[32]);
        _ed25519.GenerateKeyPair(SystemRandomSource.Instance, pair.Private, pair.Public);
        return pair;
    }

    public async Task RegisterAsync(RpcClient client) => await client.AskAsync(Methods.Register, new RegisterRequest { Devices = Lists[0] });
}
