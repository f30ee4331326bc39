using Quicprochat.Crypto;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>
/// A group as one of its members holds it (RFC 9420 §11, §12). Create or join one, <see cref="Protect"/> what you say,
/// <see cref="Process"/> what arrives, <see cref="Commit"/> to change the group and <see cref="ConfirmCommit"/> when the delivery
/// service has taken the commit. Whatever is refused throws an <see cref="MlsException"/> and leaves the group untouched.
/// Every call stores what it changes, and what it hands back, in one transaction before memory moves on. Not safe for use by
/// several threads at once.
/// </summary>
public sealed partial class Group
{
    private readonly MlsClient _client;
    private readonly MlsCrypto _crypto;
    private readonly List<PastEpoch> _past = [];
    private readonly SortedDictionary<ulong, Secret> _resumptionPsks = [];
    private readonly Dictionary<ReadOnlyMemory<byte>, CachedProposal> _proposals = new(BytesComparer.Instance);
    private readonly HeldMessages _held = new();
    private EpochState _state;
    private (PendingCommit Pending, StagedCommit Staged)? _pendingCommit;
    private ulong _proposalOrder;
    private bool _removed;

    private Group(MlsClient client, MlsCrypto crypto, EpochState state)
    {
        _client = client;
        _crypto = crypto;
        _state = state;
    }

    /// <summary>The id.</summary>
    public ReadOnlyMemory<byte> GroupId => _state.GroupId;

    /// <summary>The epoch the group is in.</summary>
    public ulong Epoch => _state.Epoch;

    /// <summary>The cipher suite.</summary>
    public CipherSuite CipherSuite => _crypto.Suite;

    /// <summary>What can be done with the group.</summary>
    public GroupStatus Status => _removed ? GroupStatus.Removed : ReInit is not null ? GroupStatus.ReInitialized : GroupStatus.Active;

    /// <summary>This member's leaf.</summary>
    public uint OwnLeafIndex => _state.OwnLeaf;

    /// <summary>How many members there are.</summary>
    public int MemberCount => _state.Tree.MemberCount;

    /// <summary>The members, by leaf.</summary>
    public IEnumerable<Member> Members => _state.Tree.Members().Select(static item => new Member(item.Index, item.Leaf));

    /// <summary>The extensions of the group.</summary>
    public IReadOnlyList<Extension> Extensions => _state.Context.Extensions;

    /// <summary>The ReInit that closed the group; null while it is open.</summary>
    public ReInitProposal? ReInit => _state.ReInit;

    /// <summary>This member's commit that waits for the delivery service; null when there is none.</summary>
    public PendingCommit? PendingCommit => _pendingCommit?.Pending;

    /// <summary>The proposals of this epoch that wait for a commit, in the order they came.</summary>
    public IReadOnlyList<ReceivedProposal> PendingProposals => [.. OrderedProposals().Select(static item => item.Received)];

    /// <summary>Equal for all members that have the same view of the group (RFC 9420 §8.7).</summary>
    public byte[] EpochAuthenticator
    {
        get
        {
            RequireMember();
            return _state.Secrets.EpochAuthenticator.Span.ToArray();
        }
    }

    /// <summary>The member at a leaf; null when the leaf is blank.</summary>
    public Member? FindMember(uint leafIndex) => _state.Tree.Leaf(leafIndex) is { } leaf ? new Member(leafIndex, leaf) : null;

    /// <summary>A secret of this epoch for use outside MLS (RFC 9420 §8.5). It is the caller's to zero.</summary>
    /// <param name="label">What it is for, in ASCII.</param>
    /// <param name="context">What it is bound to.</param>
    /// <param name="length">Its length in bytes, at most 255 times the hash's.</param>
    public byte[] Export(string label, ReadOnlySpan<byte> context, int length)
    {
        RequireMember();
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 255 * _crypto.HashSize);
        if (!System.Text.Ascii.IsValid(label))
        {
            throw new ArgumentException("A label is ASCII.", nameof(label));
        }
        return EpochSecrets.Export(_crypto, _state.Secrets.Exporter, label, context, length);
    }

    /// <summary>The public tree, for joiners whose Welcome does not bring it (RFC 9420 §12.4.3.3).</summary>
    public byte[] ExportRatchetTree() => _state.Tree.ToArray();

    /// <summary>A GroupInfo of this epoch as an MLSMessage, for external joins (RFC 9420 §12.4.3.2).</summary>
    public byte[] CreateGroupInfo(GroupInfoOptions? options = null)
    {
        RequireActive();
        return MlsMessage.Encode(WelcomeMaker.MakeGroupInfo(_client, _crypto, _state, options ?? new GroupInfoOptions()));
    }

    /// <summary>The next message of an epoch that had not come when it arrived, and has now. Process it like any other.</summary>
    public bool TryTakeHeld(out ReadOnlyMemory<byte> message) => _held.TryTake(Epoch, out message);

    internal EpochState State => _state;

    private void RequireMember() => MlsException.ThrowIf(_removed ? Rule.NotMember : null);

    private void RequireActive()
    {
        RequireMember();
        MlsException.ThrowIf(ReInit is not null ? Rule.GroupReInitialized : null);
    }

    private GroupView View(long nowSeconds, bool sending) => _state.View(_client, _crypto, nowSeconds, sending);

    private RecordSet NewRecords() => new(GroupId);

    private void Store(RecordSet records, Received? received = null, params ReadOnlyMemory<byte>[] outgoing)
    {
        if (records.Changes.Count > 0 || received is not (null or NotProcessed) || outgoing.Length > 0)
        {
            _client.Store.Apply(new GroupChanges { GroupId = GroupId, Records = records.Changes, Received = received, Outgoing = outgoing });
        }
    }

    private IEnumerable<CachedProposal> OrderedProposals() => _proposals.Values.OrderBy(static item => item.Order);

    private Secret? FindPsk(PreSharedKeyId psk)
    {
        if (psk.Type == PskType.Resumption && psk.GroupId.Span.SequenceEqual(GroupId.Span))
        {
            return FindResumptionPsk(psk.Epoch);
        }
        return _client.Psks?.Find(psk);
    }

    private Secret? FindResumptionPsk(ulong epoch)
    {
        if (epoch == Epoch)
        {
            return _state.Secrets.ResumptionPsk.Clone();
        }
        return _resumptionPsks.TryGetValue(epoch, out Secret? psk) ? psk.Clone() : null;
    }

    private byte[] RandomNonce()
    {
        byte[] nonce = new byte[_crypto.HashSize];
        _client.Random.Fill(nonce);
        return nonce;
    }
}
