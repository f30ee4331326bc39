using Quicprochat.Crypto;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>A member's whole state in one epoch. Only the secret tree in it moves; a commit makes a new one.</summary>
internal sealed class EpochState
{
    public required GroupContext Context { get; init; }

    public required GroupRequirements Requirements { get; init; }

    public required RatchetTree Tree { get; init; }

    public required EpochSecrets Secrets { get; init; }

    public required SecretTree SecretTree { get; init; }

    public required PrivateKeys PrivateKeys { get; init; }

    public required SigningIdentity Identity { get; init; }

    public required ReadOnlyMemory<byte> ConfirmationTag { get; init; }

    public required ReadOnlyMemory<byte> InterimTranscriptHash { get; init; }

    /// <summary>The ReInit that began this epoch, which is then the group's last.</summary>
    public ReInitProposal? ReInit { get; init; }

    public uint OwnLeaf => PrivateKeys.Leaf;

    public ulong Epoch => Context.Epoch;

    public ReadOnlyMemory<byte> GroupId => Context.GroupId;

    /// <summary>Zeroes what another epoch does not share.</summary>
    public void DisposeExcept(EpochState? kept)
    {
        Secrets.Dispose();
        SecretTree.Dispose();
        PrivateKeys.DisposeExcept(kept?.PrivateKeys);
        if (!ReferenceEquals(Identity, kept?.Identity))
        {
            Identity.Dispose();
        }
    }

    public GroupView View(MlsClient client, MlsCrypto crypto, long nowSeconds, bool sending) => new()
    {
        Client = client,
        Crypto = crypto,
        GroupId = GroupId,
        Tree = Tree,
        Requirements = Requirements,
        NowSeconds = nowSeconds,
        Sending = sending,
    };
}
