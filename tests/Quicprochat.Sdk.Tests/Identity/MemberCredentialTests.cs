using Google.Protobuf;
using Quicprochat.Crypto;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Groups;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Messages;

namespace Quicprochat.Sdk.Tests.Identity;

public sealed class MemberCredentialTests
{
    [Fact]
    public void A_credential_names_account_and_device_and_is_bound_to_its_leaf()
    {
        var directory = new MemberDirectory();
        MlsClient mls = Client(directory);
        using DeviceIdentity device = Device("alice@example.org");
        using SigningIdentity leaf = device.CreateLeaf(mls);

        Assert.True(directory.TryIdentify(leaf.Credential, out VerifiedMember? member));
        Assert.Equal("alice@example.org", member.Account);
        Assert.Equal(device.Id, member.Device);
        Assert.True(directory.Accept(Check(leaf.Credential, leaf.SignatureKey)));
        Assert.False(directory.Accept(Check(leaf.Credential, new byte[32])));
    }

    [Fact]
    public void Every_leaf_has_a_key_of_its_own()
    {
        MlsClient mls = Client(new MemberDirectory());
        using DeviceIdentity device = Device("alice@example.org");
        using SigningIdentity one = device.CreateLeaf(mls);
        using SigningIdentity two = device.CreateLeaf(mls);

        Assert.NotEqual(one.SignatureKey.ToArray(), two.SignatureKey.ToArray());
    }

    [Fact]
    public void Every_changed_byte_of_a_credential_is_noticed()
    {
        MlsClient mls = Client(new MemberDirectory());
        using DeviceIdentity device = Device("alice@example.org");
        using SigningIdentity leaf = device.CreateLeaf(mls);
        MemberCredential good = MemberCredential.Parser.ParseFrom(leaf.Credential.Identity.Span);
        byte[] bytes = leaf.Credential.Identity.ToArray();
        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] changed = [.. bytes];
            changed[i] ^= 4;
            bool read = VerifiedMember.TryRead(Credential.Custom(VerifiedMember.CredentialType, changed), out VerifiedMember? member);

            // The list's version is a hint and not signed; everything else is.
            Assert.True(!read || member!.ListVersion != good.ListVersion || IsUnknownField(changed), $"byte {i}");
        }
    }

    [Fact]
    public void Two_devices_are_not_each_others_successors()
    {
        var directory = new MemberDirectory();
        MlsClient mls = Client(directory);
        using DeviceIdentity alice = Device("alice@example.org");
        using DeviceIdentity mallory = Device("alice@example.org");
        using SigningIdentity leaf = alice.CreateLeaf(mls);
        using SigningIdentity next = alice.CreateLeaf(mls);
        using SigningIdentity stolen = mallory.CreateLeaf(mls);
        directory.TryIdentify(leaf.Credential, out VerifiedMember? first);
        directory.TryIdentify(next.Credential, out VerifiedMember? second);
        directory.TryIdentify(stolen.Credential, out VerifiedMember? third);

        Assert.True(first!.IsSameDevice(second!));
        Assert.False(first.IsSameDevice(third!));
    }

    private static bool IsUnknownField(byte[] bytes) =>
        MemberCredential.Parser.ParseFrom(bytes) is var message && !MemberCredential.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes).Equals(message);

    private static CredentialCheck Check(Credential credential, ReadOnlyMemory<byte> key) => new()
    {
        Place = CredentialPlace.AddProposal,
        GroupId = new byte[16],
        Credential = credential,
        SignatureKey = key,
        NowSeconds = 1000,
    };

    private static MlsClient Client(MemberDirectory directory) => new() { Authentication = directory, Credentials = [VerifiedMember.CredentialType] };

    private static DeviceIdentity Device(string account)
    {
        using var keys = new AccountKeys(account, LabelledSignature.Generate(SystemRandomSource.Instance).Seed);
        (byte[] seed, byte[] key) = LabelledSignature.Generate(SystemRandomSource.Instance);
        byte[] id = new byte[16];
        SystemRandomSource.Instance.Fill(id);
        DeviceId.TryFrom(id, out DeviceId device);
        return new DeviceIdentity(account, device, seed, VerifiedDeviceList.Sign(keys, null, [keys.Certify(device, key, "first", 1000)], 1000));
    }
}
