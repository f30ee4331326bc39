using Google.Protobuf;
using Quicprochat.Crypto;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Identity;

namespace Quicprochat.Sdk.Tests.Identity;

public sealed class DeviceListTests : IDisposable
{
    private const string Account = "alice@example.org";

    private readonly AccountKeys _keys = new(Account, LabelledSignature.Generate(SystemRandomSource.Instance).Seed);

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void A_chain_is_followed_from_its_beginning_and_from_what_is_known()
    {
        VerifiedDeviceList one = VerifiedDeviceList.Sign(_keys, null, [Device(1)], 1000);
        VerifiedDeviceList two = VerifiedDeviceList.Sign(_keys, one, [Device(1), Device(2)], 1001);
        VerifiedDeviceList three = VerifiedDeviceList.Sign(_keys, two, [Device(2)], 1002);

        Assert.Equal(3UL, VerifiedDeviceList.ReadChain([one.Signed, two.Signed, three.Signed], Account, null)!.Version);
        Assert.Equal(3UL, VerifiedDeviceList.ReadChain([two.Signed, three.Signed], Account, one)!.Version);
        Assert.Null(VerifiedDeviceList.ReadChain([two.Signed, three.Signed], Account, null));
        Assert.Null(VerifiedDeviceList.ReadChain([three.Signed], Account, one));
        Assert.Null(VerifiedDeviceList.ReadChain([one.Signed, three.Signed], Account, null));
    }

    [Fact]
    public void Another_branch_does_not_follow()
    {
        VerifiedDeviceList one = VerifiedDeviceList.Sign(_keys, null, [Device(1)], 1000);
        VerifiedDeviceList two = VerifiedDeviceList.Sign(_keys, one, [Device(1), Device(2)], 1001);
        VerifiedDeviceList other = VerifiedDeviceList.Sign(_keys, one, [Device(1), Device(3)], 1001);
        VerifiedDeviceList behindOther = VerifiedDeviceList.Sign(_keys, other, [Device(3)], 1002);

        Assert.False(other.Follows(two));
        Assert.False(behindOther.Follows(two));
        Assert.True(two.Follows(two));
    }

    [Fact]
    public void Another_account_key_does_not_follow()
    {
        using var thief = new AccountKeys(Account, LabelledSignature.Generate(SystemRandomSource.Instance).Seed);
        VerifiedDeviceList one = VerifiedDeviceList.Sign(_keys, null, [Device(1)], 1000);
        VerifiedDeviceList stolen = VerifiedDeviceList.Sign(thief, one, [thief.Certify(Id(9), new byte[32], "thief", 1000)], 1001);

        Assert.Null(VerifiedDeviceList.ReadChain([stolen.Signed], Account, one));
    }

    [Fact]
    public void Every_changed_byte_is_noticed()
    {
        SignedDeviceList signed = VerifiedDeviceList.Sign(_keys, null, [Device(1)], 1000).Signed;
        for (int i = 0; i < signed.List.Length; i++)
        {
            byte[] bytes = signed.List.ToByteArray();
            bytes[i] ^= 1;
            Assert.False(VerifiedDeviceList.TryRead(new SignedDeviceList { List = ByteString.CopyFrom(bytes), Signature = signed.Signature }, Account, out _));
        }
    }

    [Fact]
    public void A_list_of_another_account_or_with_a_device_twice_does_not_hold()
    {
        SignedDeviceList signed = VerifiedDeviceList.Sign(_keys, null, [Device(1)], 1000).Signed;

        Assert.False(VerifiedDeviceList.TryRead(signed, "mallory@example.org", out _));
        Assert.Throws<InvalidOperationException>(() => VerifiedDeviceList.Sign(_keys, null, [Device(1), Device(1)], 1000));
        Assert.False(VerifiedDeviceList.TryRead(null, Account, out _));
    }

    private static DeviceId Id(int number) => DeviceId.TryFrom([.. Enumerable.Repeat((byte)number, 16)], out DeviceId id) ? id : throw new InvalidOperationException();

    private SignedDeviceCertificate Device(int number) =>
        _keys.Certify(Id(number), LabelledSignature.PublicKeyOf([.. Enumerable.Repeat((byte)number, 32)]), $"device {number}", 1000);
}
