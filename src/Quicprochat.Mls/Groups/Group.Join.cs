using System.Security.Cryptography;
using Quicprochat.Crypto;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <content>Joining by Welcome (RFC 9420 §12.4.3.1).</content>
public sealed partial class Group
{
    /// <summary>
    /// Joins the group a Welcome is for. The key package's private half is deleted in the same transaction, unless it is a
    /// last resort.
    /// </summary>
    /// <param name="client">Who joins; one of its key packages is meant.</param>
    /// <param name="welcome">The Welcome as an MLSMessage.</param>
    /// <param name="nowSeconds">The present time, in seconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="options">What may be needed beside it.</param>
    public static Group Join(MlsClient client, ReadOnlySpan<byte> welcome, long nowSeconds, JoinOptions? options = null)
    {
        MlsException.ThrowIf(MlsMessage.TryParse(welcome.ToArray(), out MlsMessage? message) ? null : Rule.Malformed);
        MlsException.ThrowIf(message!.Welcome is null ? Rule.UnexpectedMessage : null);
        MlsException.ThrowIf(client.TryFindCrypto(message.Welcome!.CipherSuite, out MlsCrypto? crypto) ? null : Rule.CipherSuiteUnknown);
        MlsException.ThrowIf(TryFindKeyPackage(client, message.Welcome, out KeyPackageSecrets? secrets, out EncryptedGroupSecrets entry));
        using (secrets)
        {
            MlsError? error = secrets!.KeyPackage.CipherSuite == message.Welcome.CipherSuite ? null : Rule.WelcomeCipherSuite; // RFC 9420 §12.4.3.1
            MlsException.ThrowIf(error);
            byte[]? plaintext = crypto!.TryDecrypt(
                secrets.InitKey.Span, crypto.EncryptContext(WelcomeMaker.SecretsLabel, message.Welcome.EncryptedGroupInfo.Span), entry.Ciphertext);
            MlsException.ThrowIf(plaintext is null ? Rule.WelcomeSecrets : null);
            try
            {
                MlsException.ThrowIf(GroupSecrets.TryParse(plaintext, out GroupSecrets? groupSecrets) ? null : Rule.WelcomeSecrets);
                var joining = (client, crypto, nowSeconds);
                MlsException.ThrowIf(TryJoin(joining, (message.Welcome, groupSecrets!, secrets), options ?? new JoinOptions(), out Group? group));
                return group!;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(plaintext);
            }
        }
    }

    private static MlsError? TryFindKeyPackage(MlsClient client, Welcome welcome, out KeyPackageSecrets? secrets, out EncryptedGroupSecrets found)
    {
        secrets = null;
        found = default;
        foreach (EncryptedGroupSecrets entry in welcome.Secrets)
        {
            if (client.Store.Read(RecordKey.KeyPackage(entry.NewMember.Span)) is { } record)
            {
                found = entry;
                return KeyPackageSecrets.TryRead(record, out secrets) ? null : Rule.RecordMalformed;
            }
        }
        return Rule.WelcomeNotForUs; // RFC 9420 §12.4.3.1
    }

    private static MlsError? TryJoin(
        (MlsClient Client, MlsCrypto Crypto, long NowSeconds) joiner,
        (Welcome Welcome, GroupSecrets Secrets, KeyPackageSecrets KeyPackage) received,
        JoinOptions options,
        out Group? group)
    {
        group = null;
        if (TryFindOrigin(joiner.Client, received.Secrets.Psks, options, out PreSharedKeyId? resumption, out Group? origin) is { } originError)
        {
            return originError;
        }
        try
        {
            return TryJoin(joiner, received, options, (resumption, origin), out group);
        }
        finally
        {
            if (!ReferenceEquals(origin, options.Origin))
            {
                origin?.Forget();
            }
        }
    }

    private static MlsError? TryJoin(
        (MlsClient Client, MlsCrypto Crypto, long NowSeconds) joiner,
        (Welcome Welcome, GroupSecrets Secrets, KeyPackageSecrets KeyPackage) received,
        JoinOptions options,
        (PreSharedKeyId? Resumption, Group? Origin) continued,
        out Group? group)
    {
        group = null;
        (MlsClient client, MlsCrypto crypto, _) = joiner;
        (PreSharedKeyId? resumption, Group? origin) = continued;
        Secret? Find(PreSharedKeyId id) =>
            origin is not null && id.Type == PskType.Resumption && id.GroupId.Span.SequenceEqual(origin.GroupId.Span)
                ? origin.FindResumptionPsk(id.Epoch)
                : client.Psks?.Find(id);
        if (CheckPsks(crypto, received.Secrets.Psks) is { } idError)
        {
            return idError;
        }
        if (PskLookup.TryDerive(crypto, received.Secrets.Psks, Find, out Secret? pskSecret) is { } pskError)
        {
            return pskError;
        }
        using (pskSecret)
        {
            var joinerSecret = Secret.Copy(received.Secrets.JoinerSecret.Span);
            if (TryOpenGroupInfo(crypto, joinerSecret, pskSecret!, received.Welcome, out GroupInfo? info) is { } infoError)
            {
                joinerSecret.Dispose();
                return infoError;
            }
            MlsError? error = GroupInfoReading.TryRead(joiner, info!, options.RatchetTree, replaces: false, out GroupInfoReading? reading)
                ?? (resumption is null || origin is null
                    ? null
                    : ResumptionRules.CheckJoin(client, resumption.Usage, origin, (info!.GroupContext, reading!.Tree)));
            if (error is not null)
            {
                joinerSecret.Dispose();
                return error;
            }
            using EpochDerivation derivation = EpochDerivation.FromJoiner(crypto, joinerSecret, pskSecret!, info!.GroupContext);
            return TryEnter(joiner, reading!, (received.Secrets, received.KeyPackage), derivation, out group);
        }
    }

    /// <summary>The group that a reinit or branch key comes from; there is at most one such key (RFC 9420 §12.4.3.1).</summary>
    private static MlsError? TryFindOrigin(
        MlsClient client, IReadOnlyList<PreSharedKeyId> psks, JoinOptions options, out PreSharedKeyId? resumption, out Group? origin)
    {
        resumption = null;
        origin = null;
        foreach (PreSharedKeyId psk in psks)
        {
            if (psk.Type == PskType.Resumption && psk.Usage != ResumptionPskUsage.Application)
            {
                if (resumption is not null)
                {
                    return Rule.WelcomePsks; // RFC 9420 §12.4.3.1
                }
                resumption = psk;
            }
        }
        if (resumption is null)
        {
            return null;
        }
        bool given = options.Origin is { } group && group.GroupId.Span.SequenceEqual(resumption.GroupId.Span);
        origin = given ? options.Origin : TryLoad(client, resumption.GroupId.Span);
        return origin is null ? Rule.PskMissing : null; // RFC 9420 §12.4.3.1
    }

    private static MlsError? CheckPsks(MlsCrypto crypto, IReadOnlyList<PreSharedKeyId> psks) =>
        psks.All(psk => psk.Nonce.Length == crypto.HashSize) ? null : Rule.PskNonce; // RFC 9420 §8.4

    private static MlsError? TryOpenGroupInfo(MlsCrypto crypto, Secret joinerSecret, Secret pskSecret, Welcome welcome, out GroupInfo? info)
    {
        info = null;
        using Secret member = EpochSecrets.DeriveMember(crypto, joinerSecret, pskSecret);
        using Secret welcomeSecret = EpochSecrets.DeriveWelcome(crypto, member);
        byte[]? bytes = WelcomeMaker.TryOpen(crypto, welcomeSecret.Span, welcome.EncryptedGroupInfo.Span);
        return bytes is not null && GroupInfo.TryParse(bytes, out info) ? null : Rule.WelcomeGroupInfo; // RFC 9420 §12.4.3.1
    }

    private static MlsError? TryEnter(
        (MlsClient Client, MlsCrypto Crypto, long NowSeconds) joiner,
        GroupInfoReading reading,
        (GroupSecrets Secrets, KeyPackageSecrets KeyPackage) own,
        EpochDerivation derivation,
        out Group? group)
    {
        group = null;
        (MlsClient client, MlsCrypto crypto, _) = joiner;
        GroupInfo info = reading.Info;
        LeafNode ownNode = own.KeyPackage.KeyPackage.LeafNode;
        uint? ownLeaf = null;
        foreach ((uint index, LeafNode leaf) in reading.Tree.Members())
        {
            if (leaf.Encoded.Span.SequenceEqual(ownNode.Encoded.Span))
            {
                ownLeaf = index;
                break;
            }
        }
        if (ownLeaf is null)
        {
            derivation.Discard();
            return Rule.WelcomeLeafMissing; // RFC 9420 §12.4.3.1
        }
        byte[] confirmed = info.GroupContext.ConfirmedTranscriptHash.ToArray();
        if (!crypto.VerifyMac(derivation.Secrets.ConfirmationKey.Span, confirmed, info.ConfirmationTag.Span))
        {
            derivation.Discard();
            return Rule.ConfirmationTag; // RFC 9420 §12.4.3.1
        }
        PrivateKeys keys = PrivateKeys.Of(ownLeaf.Value, own.KeyPackage.EncryptionKey.Clone());
        if (own.Secrets.PathSecret is { } pathSecret && TryDerivePath(crypto, reading, pathSecret, ref keys) is { } pathError)
        {
            derivation.Discard();
            keys.DisposeExcept(null);
            return pathError;
        }
        var state = new EpochState
        {
            Context = info.GroupContext,
            Requirements = reading.View.Requirements,
            Tree = reading.Tree,
            Secrets = derivation.Secrets,
            SecretTree = SecretTree.Begin(reading.Tree.Width, derivation.EncryptionSecret),
            PrivateKeys = keys,
            Identity = SigningIdentity.Restore(crypto.Suite, ownNode.Credential, ownNode.SignatureKey, own.KeyPackage.SignatureKey.Span),
            ConfirmationTag = info.ConfirmationTag,
            InterimTranscriptHash = TranscriptHash.Interim(crypto, confirmed, info.ConfirmationTag.Span),
        };
        var entered = new Group(client, crypto, state);
        RecordSet records = entered.NewRecords();
        PutEpoch(records, null, state, crypto);
        if (!own.KeyPackage.KeyPackage.IsLastResort)
        {
            records.Delete(RecordKey.KeyPackage(own.KeyPackage.KeyPackage.ComputeReference(crypto)));
        }
        try
        {
            entered.Store(records);
        }
        catch
        {
            state.DisposeExcept(null);
            throw;
        }
        group = entered;
        return null;
    }

    /// <summary>The keys from the node in common with the signer up; each must be the one in the tree (RFC 9420 §12.4.3.1).</summary>
    private static MlsError? TryDerivePath(MlsCrypto crypto, GroupInfoReading reading, ReadOnlyMemory<byte> pathSecret, ref PrivateKeys keys)
    {
        if (pathSecret.Length != crypto.HashSize || keys.Leaf == reading.Info.Signer)
        {
            return Rule.WelcomePathSecret; // RFC 9420 §12.4.3.1
        }
        int level = TreeMath.CommonLevel(keys.Leaf, reading.Info.Signer);
        var nodes = new List<TreeNode>();
        for (; level <= reading.Tree.Root.Level; level++)
        {
            TreeNode node = reading.Tree.Node(TreeMath.Ancestor(keys.Leaf, level))!;
            if (!node.IsBlank)
            {
                nodes.Add(node);
            }
            else if (nodes.Count == 0)
            {
                return Rule.WelcomePathSecret; // RFC 9420 §12.4.3.1: the lowest common node is not blank.
            }
        }
        using var first = Secret.Copy(pathSecret.Span);
        using PathSecrets secrets = PathSecrets.Derive(crypto, first, nodes.Count);
        for (int i = 0; i < nodes.Count; i++)
        {
            if (!nodes[i].EncryptionKey.Span.SequenceEqual(secrets.PublicKeys[i]))
            {
                return Rule.WelcomePathSecret; // RFC 9420 §12.4.3.1
            }
        }
        keys = secrets.GiveKeys(keys, nodes.Select(static node => node.Level));
        return null;
    }
}
