using Quicprochat.Crypto;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Mls.Groups;

/// <content>Commits of this member: made, then confirmed or dropped (RFC 9420 §12.4.1, §14).</content>
public sealed partial class Group
{
    /// <summary>
    /// Makes a commit. The group stays in its epoch until <see cref="ConfirmCommit"/>; the commit and all it needs are in the
    /// store, so it survives a restart.
    /// </summary>
    /// <param name="nowSeconds">The present time, in seconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="options">What it covers.</param>
    public PendingCommit Commit(long nowSeconds, CommitOptions? options = null)
    {
        RequireActive();
        return CommitCore(nowSeconds, options ?? new CommitOptions(), (ResumptionPskUsage.Application, FindPsk, NewRecords()));
    }

    /// <summary>Commits key packages as Adds, beside what was proposed.</summary>
    public PendingCommit Add(IReadOnlyList<KeyPackage> keyPackages, long nowSeconds) =>
        Commit(nowSeconds, new CommitOptions { Proposals = [.. keyPackages.Select(Proposal.Add)] });

    /// <summary>Commits the removal of members, beside what was proposed.</summary>
    public PendingCommit Remove(IReadOnlyList<uint> leafIndices, long nowSeconds) =>
        Commit(nowSeconds, new CommitOptions { Proposals = [.. leafIndices.Select(Proposal.Remove)] });

    /// <summary>The delivery service has taken the pending commit: the group moves to the epoch it begins.</summary>
    /// <exception cref="InvalidOperationException">No commit is pending.</exception>
    public EpochChange ConfirmCommit(long nowSeconds)
    {
        (_, StagedCommit staged) = _pendingCommit ?? throw new InvalidOperationException("No commit is pending.");
        RecordSet records = NewRecords();
        MergeCore(records, staged, nowSeconds, default);
        return staged.Change;
    }

    /// <summary>The pending commit is not to be: the group is as if it had never been made. Nothing happens when none is pending.</summary>
    public void DropCommit()
    {
        if (_pendingCommit is { } pending)
        {
            RecordSet records = NewRecords();
            records.Delete(RecordKey.Of(GroupId.Span, RecordKind.PendingCommit));
            Store(records);
            pending.Staged.Dispose();
            _pendingCommit = null;
        }
    }

    private PendingCommit CommitCore(long nowSeconds, CommitOptions options, (ResumptionPskUsage Purpose, PskLookup.Find FindPsk, RecordSet Records) how)
    {
        MlsException.ThrowIf(_pendingCommit is not null ? Rule.CommitPending : null); // RFC 9420 §14
        GroupView view = View(nowSeconds, sending: true) with { Purpose = how.Purpose };
        var proposals = new List<CommittedProposal>();
        foreach (Proposal proposal in options.Proposals)
        {
            proposals.Add(new CommittedProposal(proposal, Sender.Member(OwnLeafIndex), null));
        }
        if (options.IncludeReceived)
        {
            ProposalChoice.AddFitting(view, OwnLeafIndex, how.FindPsk, proposals, OrderedProposals());
        }
        SigningIdentity newIdentity = options.Leaf?.Identity is { } given ? given.Clone() : _state.Identity;
        var maker = new CommitMaker
        {
            View = view,
            Context = _state.Context,
            InterimTranscriptHash = _state.InterimTranscriptHash,
            InitSecret = _state.Secrets.Init,
            Proposals = proposals,
            Base = _state,
            Signer = _state.Identity,
            NewIdentity = newIdentity,
            Leaf = ChangedLeaf(options.Leaf),
            Format = FormatOf(options.Message),
            AuthenticatedData = options.Message.AuthenticatedData,
            AlwaysPath = options.AlwaysPath || options.Leaf is not null,
            FindPsk = how.FindPsk,
        };
        MlsError? error = maker.TryMake(out CommitDraft? draft);
        if (error is not null && !ReferenceEquals(newIdentity, _state.Identity))
        {
            newIdentity.Dispose();
        }
        MlsException.ThrowIf(error);
        using (draft)
        {
            return Keep(draft!, proposals, options, how.Records);
        }
    }

    /// <summary>Protects the commit, makes the Welcome, and stores it all as pending.</summary>
    private PendingCommit Keep(CommitDraft draft, List<CommittedProposal> proposals, CommitOptions options, RecordSet records)
    {
        byte[]? welcome = null;
        if (draft.Applied.Added.Count > 0)
        {
            welcome = WelcomeMaker.TryMake(_client, _crypto, draft, options.TreeInWelcome);
            MlsException.ThrowIf(welcome is null ? Rule.PublicKeyInvalid : null);
        }
        byte[]? groupInfo = options.WithGroupInfo
            ? MlsMessage.Encode(WelcomeMaker.MakeGroupInfo(_client, _crypto, draft.Next, new GroupInfoOptions()))
            : null;
        byte[] message = ProtectHandshake(draft.Content, options.Message, records, out RatchetStep? step);
        var pending = new PendingCommit(Epoch, message, welcome, groupInfo);
        RecordSet changes = NewRecords();
        PutEpoch(changes, _state, draft.Next, _crypto);
        var staged = new StagedCommit(Epoch, Describe(draft, proposals), draft.Next, changes.Changes) { Name = pending.Name, Base = _state };
        PutPending(records, pending, changes.Changes);
        StoreStep(records, step, null, message);
        draft.IsKept = true;
        _pendingCommit = (pending, staged);
        return pending;
    }

    private EpochChange Describe(CommitDraft draft, List<CommittedProposal> proposals)
    {
        IEnumerable<uint> updated = draft.Applied.Updated;
        if (draft.PathSecrets is not null)
        {
            updated = updated.Append(OwnLeafIndex);
        }
        return new EpochChange
        {
            Epoch = draft.Next.Epoch,
            Committer = Sender.Member(OwnLeafIndex),
            CommitterLeaf = OwnLeafIndex,
            Added = [.. draft.Applied.Added.Select(static item => new Member(item.Leaf, item.KeyPackage.LeafNode))],
            Removed = draft.Applied.Removed,
            Updated = [.. updated.Select(leaf => new Member(leaf, draft.Next.Tree.Leaf(leaf)!))],
            Proposals = [.. proposals.Select(static item => item.Proposal)],
            ExtensionsChanged = draft.Applied.ExtensionsChanged,
            ReInit = draft.Applied.ReInit,
        };
    }

    /// <summary>Moves to the next epoch: everything that changes is stored in one go, then memory follows.</summary>
    private void MergeCore(RecordSet records, StagedCommit staged, long nowSeconds, (Received? Received, RatchetStep? Step) by)
    {
        if (staged.Next is null)
        {
            foreach (StoredRecord record in _client.Store.ReadRange(RecordKey.Prefix(GroupId.Span)))
            {
                records.Delete(record.Key.ToArray());
            }
            Store(records, by.Received);
            staged.IsMerged = true;
            Forget();
            return;
        }
        PastEpoch past = LeaveEpoch(staged, nowSeconds);
        List<PastEpoch> kept = [.. _past, past];
        List<PastEpoch> pruned = Prune(kept, nowSeconds);
        records.AddRange(staged.Changes);
        bool keepsPast = kept.Contains(past);
        if (keepsPast)
        {
            past.Put(records);
            if (by.Step is not null)
            {
                records.PutStep(Epoch, by.Step);
            }
        }
        records.Put(RecordKey.Epoch(GroupId.Span, RecordKind.ResumptionPsk, Epoch), _state.Secrets.ResumptionPsk.Span);
        List<ulong> prunedPsks = PrunedPsks();
        foreach (ulong epoch in prunedPsks)
        {
            records.Delete(RecordKey.Epoch(GroupId.Span, RecordKind.ResumptionPsk, epoch));
        }
        foreach (PastEpoch old in pruned)
        {
            old.Delete(records);
        }
        foreach (CachedProposal proposal in _proposals.Values)
        {
            records.Delete(RecordKey.Of(GroupId.Span, RecordKind.Proposal, proposal.Received.Reference.Span));
        }
        if (_pendingCommit is not null)
        {
            records.Delete(RecordKey.Of(GroupId.Span, RecordKind.PendingCommit));
        }
        try
        {
            Store(records, by.Received);
        }
        catch
        {
            past.SenderData.Dispose();
            by.Step?.Dispose();
            throw;
        }
        staged.IsMerged = true;
        if (keepsPast && by.Step is not null)
        {
            past.SecretTree.Apply(by.Step);
        }
        else
        {
            by.Step?.Dispose();
        }
        Move(staged.Next, (kept, pruned, prunedPsks));
    }

    /// <summary>Memory follows the store; nothing here can fail.</summary>
    private void Move(EpochState next, (List<PastEpoch> Kept, List<PastEpoch> Pruned, List<ulong> PrunedPsks) retention)
    {
        _resumptionPsks[Epoch] = _state.Secrets.ResumptionPsk.Clone();
        foreach (ulong epoch in retention.PrunedPsks)
        {
            if (_resumptionPsks.Remove(epoch, out Secret? psk))
            {
                psk.Dispose();
            }
        }
        _past.Clear();
        _past.AddRange(retention.Kept);
        foreach (PastEpoch old in retention.Pruned)
        {
            old.Dispose();
        }
        ForgetProposals();

        // Where it is the pending commit that was merged, there is nothing left to drop.
        _pendingCommit?.Staged.Dispose();
        _pendingCommit = null;
        EpochState left = _state;
        _state = next;

        // The secret tree of the old epoch lives on in the past epoch.
        left.Secrets.Dispose();
        left.PrivateKeys.DisposeExcept(next.PrivateKeys);
        if (!ReferenceEquals(left.Identity, next.Identity))
        {
            left.Identity.Dispose();
        }
    }

    /// <summary>What stays of the present epoch when the next one begins.</summary>
    private PastEpoch LeaveEpoch(StagedCommit staged, long nowSeconds) => new()
    {
        Context = _state.Context,
        SenderData = _state.Secrets.SenderData.Clone(),
        SecretTree = _state.SecretTree,
        CommitName = staged.Name,
        EndedSeconds = nowSeconds,
        Overwritten = PastEpoch.Difference(_state.Tree, staged.Next!.Tree),
    };

    /// <summary>Takes out of the list, and returns, the past epochs that are too many or too old.</summary>
    private List<PastEpoch> Prune(List<PastEpoch> kept, long nowSeconds)
    {
        RetentionPolicy policy = _client.Retention;
        int tooMany = Math.Max(0, kept.Count - policy.PastEpochsMax);
        int drop = 0;
        while (drop < kept.Count && (drop < tooMany || nowSeconds - kept[drop].EndedSeconds > policy.PastEpochSecondsMax))
        {
            drop++;
        }
        List<PastEpoch> pruned = kept.GetRange(0, drop);
        kept.RemoveRange(0, drop);
        return pruned;
    }

    private List<ulong> PrunedPsks()
    {
        IEnumerable<ulong> epochs = _resumptionPsks.Keys.Append(Epoch);
        return [.. epochs.Take(Math.Max(0, _resumptionPsks.Count + 1 - _client.Retention.ResumptionPsksMax))];
    }

    /// <summary>This client is no member any more: its state goes (RFC 9420 §12.4.2).</summary>
    private void Forget()
    {
        _removed = true;
        foreach (PastEpoch past in _past)
        {
            past.Dispose();
        }
        _past.Clear();
        foreach (Secret psk in _resumptionPsks.Values)
        {
            psk.Dispose();
        }
        _resumptionPsks.Clear();
        ForgetProposals();
        _held.Clear();
        _pendingCommit?.Staged.Dispose();
        _pendingCommit = null;
        _state.DisposeExcept(null);
    }

    private void ForgetProposals()
    {
        foreach (CachedProposal proposal in _proposals.Values)
        {
            proposal.Own?.Dispose();
        }
        _proposals.Clear();
        _proposalOrder = 0;
    }
}
