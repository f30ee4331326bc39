using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Quicprochat.Crypto;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Groups;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Messages;

namespace Quicprochat.Sdk.Identity;

/// <summary>This device: its key, and the list of its account that vouches for it.</summary>
internal sealed class DeviceIdentity : IDisposable
{
    private readonly Secret _seed;

    public DeviceIdentity(string account, DeviceId id, ReadOnlySpan<byte> seed, VerifiedDeviceList list)
    {
        Account = account;
        Id = id;
        List = list;
        _seed = Secret.Copy(seed);
    }

    public string Account { get; }

    public DeviceId Id { get; }

    /// <summary>The newest list of the own account.</summary>
    public VerifiedDeviceList List { get; set; }

    public DeviceRef Reference => new() { Account = Account, DeviceId = ByteString.CopyFrom(Id.ToArray()) };

    /// <summary>True when a leaf or roster entry is this very device.</summary>
    public bool Is(DeviceRef? device) =>
        device is not null && string.Equals(device.Account, Account, StringComparison.Ordinal) && DeviceId.TryFrom(device.DeviceId.Span, out DeviceId id) && id == Id;

    /// <summary>A fresh leaf key with the credential that says whose it is.</summary>
    public SigningIdentity CreateLeaf(MlsClient client)
    {
        KnownDevice self = List.Find(Id) ?? throw new QpcException(
            QpcError.DeviceRevoked, "This device is not on the list of its account any more.", "Link it anew from a device of the account.");
        using SigningIdentity bare = client.CreateIdentity(Credential.Basic(string.Empty));
        byte[] leaf = new LeafCertificate
        {
            Account = Account,
            DeviceId = ByteString.CopyFrom(Id.ToArray()),
            LeafKey = ByteString.CopyFrom(bare.SignatureKey.Span),
            CipherSuite = bare.CipherSuite.Id,
        }.ToByteArray();
        var credential = new MemberCredential
        {
            Account = Account,
            AccountKey = ByteString.CopyFrom(List.AccountKey.Span),
            Certificate = self.Signed,
            ListVersion = List.Version,
            LeafCertificate = UnsafeByteOperations.UnsafeWrap(leaf),
            LeafSignature = UnsafeByteOperations.UnsafeWrap(LabelledSignature.Sign(_seed.Span, LabelledSignature.LeafCertificate, leaf)),
        };
        return bare.With(Credential.Custom(VerifiedMember.CredentialType, credential.ToByteArray()));
    }

    /// <summary>Signs what proves to a server that the far end of this very connection is this device (docs/protocol/accounts.md).</summary>
    public byte[] Authenticate(string protocol, ReadOnlySpan<byte> serverKey, ReadOnlySpan<byte> binding)
    {
        var message = new MemoryStream();
        Append(message, Encoding.UTF8.GetBytes(protocol));
        Append(message, serverKey);
        Append(message, Encoding.UTF8.GetBytes(Account));
        Append(message, Id.ToArray());
        Append(message, binding);
        return LabelledSignature.Sign(_seed.Span, LabelledSignature.DeviceAuthentication, message.ToArray());
    }

    public void Dispose() => _seed.Dispose();

    private static void Append(MemoryStream message, ReadOnlySpan<byte> field)
    {
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)field.Length);
        message.Write(length);
        message.Write(field);
    }
}
