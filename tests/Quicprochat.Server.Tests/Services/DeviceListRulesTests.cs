using Google.Protobuf;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Services;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests.Services;

public sealed class DeviceListRulesTests
{
    [Fact]
    public void A_list_that_its_account_signed_is_taken_as_it_is()
    {
        var account = new TestAccount("alice@test.example");
        account.Devices.Add(new TestDevice(account));
        SignedDeviceList signed = account.NextList();
        NewDeviceList? list = DeviceListRules.Check(signed, out string fault);
        Assert.NotNull(list);
        Assert.Equal("", fault);
        Assert.Equal((account.Name, 2L, 2), (list.Account, list.Signed.Version, list.Devices.Count));
        Assert.Equal(account.PublicKey, list.AccountKey.ToArray());
        Assert.Equal(Digest.Of(account.Lists[0].List.Span), list.PreviousHash);
        Assert.Equal(signed.List.ToByteArray(), list.Signed.List.ToArray());
    }

    public static TheoryData<string> Spoilers => ["signature", "key", "version 0", "no previous hash", "no devices", "17 devices", "device twice", "device of another", "device id", "device time", "device name", "garbage"];

    [Theory]
    [MemberData(nameof(Spoilers))]
    public void A_list_that_breaks_a_rule_is_refused_with_the_rule(string rule)
    {
        var account = new TestAccount("alice@test.example");
        var other = new TestAccount("mallory@test.example");
        if (rule == "17 devices")
        {
            account.Devices.AddRange(Enumerable.Range(0, 16).Select(_ => new TestDevice(account)));
        }
        if (rule == "device twice")
        {
            account.Devices.Add(account.Device);
        }
        SignedDeviceList signed = account.SignList(
            rule switch
            {
                "key" => list => list.AccountKey = ByteString.CopyFrom(other.PublicKey),
                "version 0" => static list => list.Version = 0,
                "no previous hash" => static list => list.PreviousHash = ByteString.Empty,
                "no devices" => static list => list.Devices.Clear(),
                _ => null,
            },
            rule switch
            {
                "device of another" => device => device.Account = other.Name,
                "device id" => static device => device.DeviceId = ByteString.CopyFrom(new byte[15]),
                "device time" => static device => device.NotAfter = device.NotBefore,
                "device name" => static device => device.Name = new string('x', 65),
                _ => null,
            });
        if (rule == "signature")
        {
            signed.Signature = account.Lists[0].Signature;
        }
        if (rule == "garbage")
        {
            signed.List = ByteString.CopyFrom(255, 255, 255);
        }
        Assert.Null(DeviceListRules.Check(signed, out string fault));
        Assert.NotEqual("", fault);
    }

    [Fact]
    public void A_device_certificate_is_no_device_list()
    {
        // The label keeps one signature from being good for the other.
        var account = new TestAccount("alice@test.example");
        SignedDeviceList list = account.Lists[0];
        var mislabelled = new SignedDeviceList { List = list.List, Signature = account.Sign(LabeledSignature.DeviceCertificate, list.List.Span) };
        Assert.Null(DeviceListRules.Check(mislabelled, out _));
        Assert.Null(DeviceListRules.Check(null, out _));
    }
}
