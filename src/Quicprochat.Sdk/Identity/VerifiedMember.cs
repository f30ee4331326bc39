using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Quicprochat.Mls.Credentials;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Messages;

namespace Quicprochat.Sdk.Identity;

/// <summary>Who a leaf is, read from its credential: every signature from the account key down to the leaf key holds.</summary>
internal sealed record VerifiedMember
{
    /// <summary>The type of our credential, from the private-use range (RFC 9420 §17.5).</summary>
    public const CredentialType CredentialType = (CredentialType)0xF0C1;

    public required string Account { get; init; }

    public required ReadOnlyMemory<byte> AccountKey { get; init; }

    public required DeviceId Device { get; init; }

    public required ReadOnlyMemory<byte> DeviceKey { get; init; }

    public required ReadOnlyMemory<byte> LeafKey { get; init; }

    public required uint CipherSuite { get; init; }

    public required ulong ListVersion { get; init; }

    public DeviceRef Reference => new() { Account = Account, DeviceId = ByteString.CopyFrom(Device.ToArray()) };

    /// <summary>True when both are the same device of the same account.</summary>
    public bool IsSameDevice(VerifiedMember other) =>
        string.Equals(Account, other.Account, StringComparison.Ordinal)
        && Device == other.Device
        && AccountKey.Span.SequenceEqual(other.AccountKey.Span)
        && DeviceKey.Span.SequenceEqual(other.DeviceKey.Span);

    /// <summary>Reads a credential and checks every signature. Nothing that depends on the time or on what this client knows is asked, so that all members come to the same answer.</summary>
    public static bool TryRead(Credential credential, [NotNullWhen(true)] out VerifiedMember? member)
    {
        member = null;
        if (credential.Type != CredentialType
            || !Protobuf.TryParse(MemberCredential.Parser, credential.Identity.Span, out MemberCredential? wire)
            || !AccountAddress.IsValid(wire.Account)
            || !KnownDevice.TryRead(wire.Certificate, wire.Account, wire.AccountKey.Span, out KnownDevice? device)
            || !LabelledSignature.Verify(device!.Key.Span, LabelledSignature.LeafCertificate, wire.LeafCertificate.Span, wire.LeafSignature.Span)
            || !Protobuf.TryParse(LeafCertificate.Parser, wire.LeafCertificate.Span, out LeafCertificate? leaf)
            || !string.Equals(leaf.Account, wire.Account, StringComparison.Ordinal)
            || !leaf.DeviceId.Span.SequenceEqual(device.Certificate.DeviceId.Span)
            || wire.ListVersion == 0)
        {
            return false;
        }
        member = new VerifiedMember
        {
            Account = wire.Account,
            AccountKey = wire.AccountKey.Memory,
            Device = device.Id,
            DeviceKey = device.Key,
            LeafKey = leaf.LeafKey.Memory,
            CipherSuite = leaf.CipherSuite,
            ListVersion = wire.ListVersion,
        };
        return true;
    }
}
