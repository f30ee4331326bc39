using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests.Groups;

/// <summary>Leaves and key packages that are not valid (RFC 9420 §7.3, §10.1), to whoever sends them and to whoever receives them.</summary>
public class LeafRuleTests
{
    private readonly Party _alice = Party.Create("alice");
    private readonly Party _bob = Party.Create("bob");
    private readonly Party _dora = Party.Create("dora");

    private void Check(MlsErrorCode code, KeyPackage keyPackage)
    {
        if (_alice.Store.Applied.Count == 0)
        {
            Room.Of(_alice, _bob);
        }
        Proposal proposal = Proposal.Add(keyPackage);
        Refused.By(code, () => _alice.Group.Propose(proposal, Party.Now));
        Refused.By(code, () => _alice.Group.Commit(Party.Now, new CommitOptions { Proposals = [proposal] }));
        Refused.By(code, _bob, new Forge(_alice).Proposal(proposal));
        Refused.By(code, _bob, new Forge(_alice).Commit([proposal]));
    }

    private KeyPackage With(Func<LeafNodeFields, LeafNodeFields> change) => Forge.KeyPackage(_dora, change);

    private static Func<LeafNodeFields, LeafNodeFields> Listing(Func<Capabilities, Capabilities> change) =>
        fields => fields with { Capabilities = change(fields.Capabilities) };

    private static Capabilities Copy(
        Capabilities from,
        IReadOnlyList<ProtocolVersion>? versions = null,
        IReadOnlyList<ushort>? suites = null,
        IReadOnlyList<ExtensionType>? extensions = null,
        IReadOnlyList<CredentialType>? credentials = null) => new()
        {
            Versions = versions ?? from.Versions,
            CipherSuites = suites ?? from.CipherSuites,
            Extensions = extensions ?? from.Extensions,
            Proposals = from.Proposals,
            Credentials = credentials ?? from.Credentials,
        };

    [Fact]
    [Breaks(MlsErrorCode.LeafVersion, MlsErrorCode.LeafCipherSuite, MlsErrorCode.LeafExtensionNotListed, MlsErrorCode.LeafCredentialNotListed)]
    public void Capabilities_that_do_not_cover_the_leaf_itself()
    {
        Check(MlsErrorCode.LeafVersion, With(Listing(item => Copy(item, versions: []))));
        Check(MlsErrorCode.LeafCipherSuite, With(Listing(item => Copy(item, suites: [2, 3]))));
        Check(MlsErrorCode.LeafExtensionNotListed, With(Listing(item => Copy(item, extensions: []))));
        Check(MlsErrorCode.LeafCredentialNotListed, With(Listing(item => Copy(item, credentials: [CredentialType.X509]))));
    }

    [Fact]
    [Breaks(MlsErrorCode.DuplicateExtension)]
    public void Two_extensions_of_one_type()
    {
        var extension = new Extension(ExtensionType.ApplicationId, new byte[1]);
        Check(MlsErrorCode.DuplicateExtension, With(fields => fields with { Extensions = [extension, extension] }));
        Check(MlsErrorCode.DuplicateExtension, Forge.KeyPackage(_dora, extensions: [new Extension(ExtensionType.LastResort, default), new Extension(ExtensionType.LastResort, default)]));
        var required = new RequiredCapabilities().ToExtension();
        Refused.By(MlsErrorCode.DuplicateExtension, () => _alice.Group.Propose(Proposal.GroupContextExtensions([required, required]), Party.Now));
        Refused.By(MlsErrorCode.DuplicateExtension, () => _alice.Group.Propose(Proposal.ReInit(new byte[4], _alice.Group.CipherSuite, [required, required]), Party.Now));
    }

    [Fact]
    [Breaks(MlsErrorCode.LeafLifetime, MlsErrorCode.LeafLifetimeTooLong)]
    public void A_lifetime_that_is_over_or_too_long()
    {
        const ulong now = (ulong)Party.Now;
        Check(MlsErrorCode.LeafLifetime, With(fields => fields with { Lifetime = new Lifetime(now - 10_000, now - 5_000) }));
        Check(MlsErrorCode.LeafLifetime, With(fields => fields with { Lifetime = new Lifetime(now + 5_000, now + 10_000) }));
        Check(MlsErrorCode.LeafLifetime, With(fields => fields with { Lifetime = new Lifetime(now + 1, now - 1) }));
        Check(MlsErrorCode.LeafLifetimeTooLong, With(fields => fields with { Lifetime = new Lifetime(0, ulong.MaxValue) }));

        // Clocks differ: what the sender may not send any more, the receiver still takes for a while.
        KeyPackage expired = With(fields => fields with { Lifetime = new Lifetime(now - 10_000, now - 10) });
        Refused.By(MlsErrorCode.LeafLifetime, () => _alice.Group.Propose(Proposal.Add(expired), Party.Now));
        Assert.IsType<ReceivedProposal>(_bob.Group.Process(new Forge(_alice).Proposal(Proposal.Add(expired)), Party.Now));
    }

    [Fact]
    [Breaks(MlsErrorCode.LeafSource, MlsErrorCode.PublicKeyInvalid)]
    public void A_leaf_of_another_source_or_with_a_key_that_is_none()
    {
        Check(MlsErrorCode.LeafSource, With(fields => fields with { Source = LeafNodeSource.Update }));
        Check(MlsErrorCode.LeafSource, With(fields => fields with { Source = LeafNodeSource.Commit }));
        Check(MlsErrorCode.PublicKeyInvalid, With(fields => fields with { EncryptionKey = new byte[31] }));
        Check(MlsErrorCode.PublicKeyInvalid, Forge.KeyPackage(_dora, initKey: _ => new byte[33]));
    }

    [Fact]
    [Breaks(MlsErrorCode.KeyPackageVersion, MlsErrorCode.KeyPackageCipherSuite, MlsErrorCode.KeyPackageInitKey, MlsErrorCode.KeyPackageSignature, MlsErrorCode.LeafSignature)]
    public void A_key_package_that_is_not_for_this_group_or_not_signed()
    {
        byte[] good = Forge.KeyPackage(_dora).Encoded.ToArray();
        Check(MlsErrorCode.KeyPackageVersion, Parse([0, 2, .. good[2..]]));
        Check(MlsErrorCode.KeyPackageCipherSuite, Parse([0, 1, 0, 3, .. good[4..]]));
        Check(MlsErrorCode.KeyPackageSignature, Parse([.. good[..^1], (byte)(good[^1] ^ 1)]));
        byte[] same = new Forge(_alice).NewKey();
        Check(MlsErrorCode.KeyPackageInitKey, Forge.KeyPackage(_dora, fields => fields with { EncryptionKey = same }, _ => same));

        // A leaf signed with another key than it shows.
        Check(MlsErrorCode.KeyPackageSignature, With(fields => fields with { SignatureKey = _bob.Identity.SignatureKey }));
        Proposal update = new Forge(_alice).Update(fields => fields with { SignatureKey = _dora.Identity.SignatureKey });
        Refused.By(MlsErrorCode.LeafSignature, _bob, new Forge(_alice).Proposal(update));
    }

    [Fact]
    [Breaks(MlsErrorCode.CredentialRejected)]
    public void The_application_refuses_a_credential_at_every_place()
    {
        static bool Refuse(CredentialCheck check) => false;
        KeyPackage keyPackage = _dora.NewKeyPackage();
        Room room = Room.Of(_alice, _bob);
        _alice.Trust.Rule = Refuse;
        Refused.By(MlsErrorCode.CredentialRejected, () => _alice.Group.Propose(Proposal.Add(keyPackage), Party.Now));
        Assert.Equal(CredentialPlace.KeyPackageToAdd, _alice.Trust.Asked[^1].Place);
        _alice.Trust.Rule = static _ => true;
        byte[] proposal = _alice.Group.Propose(Proposal.Add(keyPackage), Party.Now);
        _bob.Trust.Rule = Refuse;
        Refused.By(MlsErrorCode.CredentialRejected, _bob, proposal);
        Assert.Equal(CredentialPlace.AddProposal, _bob.Trust.Asked[^1].Place);
        byte[] update = new Forge(_alice).Proposal(new Forge(_alice).Update(fields => fields with { Credential = Credential.Basic("eve") }));
        Refused.By(MlsErrorCode.CredentialRejected, _bob, update);
        Assert.Equal(CredentialPlace.UpdateProposal, _bob.Trust.Asked[^1].Place);
        byte[] path = new Forge(_alice).Commit(Array.Empty<Proposal>(), new Forge(_alice).Path(leaf: fields => fields with { Credential = Credential.Basic("eve") }));
        Refused.By(MlsErrorCode.CredentialRejected, _bob, path);
        Assert.Equal(CredentialPlace.CommitPath, _bob.Trust.Asked[^1].Place);
        Extension senders = ExternalSender.ToExtension(new ExternalSender(_dora.Identity.SignatureKey, _dora.Identity.Credential));
        Refused.By(MlsErrorCode.CredentialRejected, _bob, new Forge(_alice).Proposal(Proposal.GroupContextExtensions([senders])));
        Assert.Equal(CredentialPlace.ExternalSender, _bob.Trust.Asked[^1].Place);
        _dora.Trust.Rule = Refuse;
        byte[] groupInfo = _alice.Group.CreateGroupInfo();
        Refused.By(MlsErrorCode.CredentialRejected, () => Group.JoinExternally(_dora.Client, _dora.Identity, groupInfo, Party.Now));
        Assert.Equal(CredentialPlace.GroupToJoin, _dora.Trust.Asked[^1].Place);
        Assert.Equal(2, room.Members.Count);
    }

    [Fact]
    [Breaks(MlsErrorCode.CredentialKey)]
    public void A_certificate_is_for_the_signature_key()
    {
        Party mine = Party.Create("mine", change: options => options with { Credential = Credential.X509([Certificate(_dora.Identity.SignatureKey.ToArray())]) });
        Check(MlsErrorCode.CredentialKey, mine.NewKeyPackage());
        foreach (byte[] broken in new byte[][] { [], [0x30], [0x30, 0x84, 1, 2], Certificate(new byte[32])[..40] })
        {
            Party other = Party.Create("other", change: options => options with { Credential = Credential.X509([broken]) });
            Check(MlsErrorCode.CredentialKey, other.NewKeyPackage());
        }
        Check(MlsErrorCode.CredentialKey, Party.Create("none", change: options => options with { Credential = Credential.X509([]) }).NewKeyPackage());
        KeyPackage good = Forge.KeyPackage(_dora, fields => fields with { Credential = Credential.X509([Certificate(fields.SignatureKey.ToArray())]) });
        Assert.NotEmpty(_alice.Group.Propose(Proposal.Add(good), Party.Now));
    }

    [Fact]
    [Breaks(MlsErrorCode.LeafRequiredCapabilities, MlsErrorCode.LeafGroupExtension, MlsErrorCode.RequiredCapabilitiesMalformed, MlsErrorCode.ExternalSendersMalformed, MlsErrorCode.GroupContextExtensionsUnsupported)]
    public void What_a_group_requires()
    {
        const ExtensionType topic = (ExtensionType)0xF000;
        Party.Options Knows(Party.Options options) => options with { Extensions = [topic], Proposals = [(ProposalType)0xF001] };
        Party alice = Party.Create("alice", change: options => Knows(options) with { Extensions = [topic, (ExtensionType)0xF00F] });
        Party bob = Party.Create("bob", change: Knows);
        var required = new RequiredCapabilities { Proposals = [(ProposalType)0xF001] };
        Room room = Room.Of(new GroupOptions { Extensions = [required.ToExtension()] }, alice, bob);
        Refused.By(MlsErrorCode.LeafRequiredCapabilities, () => alice.Group.Add([_dora.NewKeyPackage()], Party.Now));
        Refused.By(MlsErrorCode.LeafRequiredCapabilities, bob, new Forge(alice).Proposal(Proposal.Add(_dora.NewKeyPackage())));

        room.Commit(alice, new CommitOptions { Proposals = [Proposal.GroupContextExtensions([new Extension(topic, "cats"u8.ToArray())])] });
        Assert.Equal("cats"u8, bob.Group.Extensions[0].Data.Span);
        Refused.By(MlsErrorCode.LeafGroupExtension, () => alice.Group.Add([_dora.NewKeyPackage()], Party.Now));

        Extension tooMuch = new RequiredCapabilities { Extensions = [(ExtensionType)0xF00F] }.ToExtension();
        Refused.By(MlsErrorCode.GroupContextExtensionsUnsupported, () => alice.Group.Commit(Party.Now, new CommitOptions { Proposals = [Proposal.GroupContextExtensions([tooMuch])] }));
        Refused.By(MlsErrorCode.RequiredCapabilitiesMalformed, () => alice.Group.Propose(Proposal.GroupContextExtensions([new Extension(ExtensionType.RequiredCapabilities, new byte[2])]), Party.Now));
        Refused.By(MlsErrorCode.RequiredCapabilitiesMalformed, () => alice.Group.Propose(Proposal.GroupContextExtensions([tooMuch with { Data = new byte[] { 0, 0, 0, 0 } }]), Party.Now));
        Refused.By(MlsErrorCode.ExternalSendersMalformed, bob, new Forge(alice).Proposal(Proposal.GroupContextExtensions([new Extension(ExtensionType.ExternalSenders, new byte[] { 1 })])));

        // The new extensions are in force for the proposals beside them (RFC 9420 §12.3).
        var back = new CommitOptions { Proposals = [Proposal.GroupContextExtensions([]), Proposal.Add(_dora.NewKeyPackage())] };
        room.Commit(alice, back, _dora);
        room.AssertAllCanTalk();
    }

    [Fact]
    [Breaks(MlsErrorCode.LeafCredentialUnsupported, MlsErrorCode.EncryptionKeyUnchanged)]
    public void Credential_types_must_be_known_to_everyone_and_keys_must_change()
    {
        const CredentialType badge = (CredentialType)0xF123;
        Party badged = Party.Create("eve", change: options => options with
        {
            Credential = Credential.Custom(badge, "badge 7"u8),
            Credentials = [CredentialType.Basic, badge],
        });
        Room.Of(_alice, _bob);
        KeyPackage keyPackage = badged.NewKeyPackage();
        Assert.Equal("badge 7"u8, keyPackage.LeafNode.Credential.Identity.Span);
        Refused.By(MlsErrorCode.LeafCredentialUnsupported, () => _alice.Group.Add([keyPackage], Party.Now));
        Refused.By(MlsErrorCode.LeafCredentialUnsupported, _bob, new Forge(_alice).Commit([Proposal.Add(keyPackage)]));

        Proposal update = new Forge(_alice).Update(fields => fields with { EncryptionKey = _alice.Group.FindMember(0)!.Value.LeafNode.EncryptionKey });
        Refused.By(MlsErrorCode.EncryptionKeyUnchanged, _bob, new Forge(_alice).Proposal(update));

        // Among those who know the type it is as good as any.
        Party other = Party.Create("mia", change: options => options with { Credentials = [CredentialType.Basic, badge] });
        Room.Of(other, badged).AssertAllCanTalk();
    }

    private static KeyPackage Parse(byte[] bytes)
    {
        Assert.True(KeyPackage.TryParse((ReadOnlyMemory<byte>)bytes, out KeyPackage? keyPackage));
        return keyPackage;
    }

    /// <summary>The bones of a certificate: what is not looked at is empty.</summary>
    private static byte[] Certificate(byte[] key)
    {
        static byte[] Tlv(byte tag, params byte[][] parts)
        {
            byte[] body = [.. parts.SelectMany(part => part)];
            return body.Length < 128 ? [tag, (byte)body.Length, .. body] : [tag, 0x81, (byte)body.Length, .. body];
        }
        byte[] empty = Tlv(0x30);
        byte[] info = Tlv(0x30, Tlv(0x30, Tlv(0x06, [0x2b, 0x65, 0x70])), Tlv(0x03, [0, .. key]));
        byte[] tbs = Tlv(0x30, Tlv(0xA0, Tlv(0x02, [2])), Tlv(0x02, [1]), empty, empty, empty, empty, info);
        return Tlv(0x30, tbs, empty, Tlv(0x03, [0]));
    }
}
