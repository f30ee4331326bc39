using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Mls.Groups;

/// <content>What arrives (RFC 9420 §6, §12.4.2).</content>
public sealed partial class Group
{
    /// <summary>
    /// Processes anything sent to the group. A commit is merged; application data and proposals are verified and handed out.
    /// Own echoes, duplicates, epochs past and to come, and forks are not errors: they come back as <see cref="NotProcessed"/>.
    /// </summary>
    /// <param name="message">An MLSMessage, as it arrived.</param>
    /// <param name="nowSeconds">The present time, in seconds since 1970-01-01T00:00:00Z.</param>
    /// <exception cref="MlsException">The message breaks a rule; the group is untouched.</exception>
    public Received Process(ReadOnlySpan<byte> message, long nowSeconds)
    {
        ReadOnlyMemory<byte> bytes = message.ToArray();
        MlsError? error = TryProcess(bytes, nowSeconds, out Received? received);
        if (error is not null)
        {
            // Whatever it was, it will not become better by being held longer.
            if (_held.Contains(bytes))
            {
                RecordSet records = NewRecords();
                records.Delete(HeldMessages.KeyOf(GroupId, bytes));
                Store(records);
                _held.Remove(bytes);
            }
            throw new MlsException(error);
        }
        return received!;
    }

    /// <summary>Decrypts application data and nothing else.</summary>
    /// <exception cref="MlsException">It is something else, or it breaks a rule, or it is a duplicate, an own message or of another epoch.</exception>
    public ReceivedApplication Unprotect(ReadOnlySpan<byte> message, long nowSeconds)
    {
        ReadOnlyMemory<byte> bytes = message.ToArray();
        MlsException.ThrowIf(TryParse(bytes, out MlsMessage? parsed));
        bool application = parsed!.PrivateMessage?.ContentType == ContentType.Application;
        MlsException.ThrowIf(application ? null : Rule.UnexpectedMessage);
        MlsException.ThrowIf(parsed.PrivateMessage!.Epoch > Epoch ? Rule.FutureEpoch : null);
        return Process(message, nowSeconds) switch
        {
            ReceivedApplication received => received,
            NotProcessed { Reason: NotProcessedReason.OwnMessage } => throw new MlsException(Rule.OwnMessage),
            NotProcessed { Reason: NotProcessedReason.Duplicate } => throw new MlsException(Rule.Duplicate),
            _ => throw new MlsException(Rule.PastEpoch),
        };
    }

    /// <summary>Processes a commit of the present epoch up to the point where it would be merged, for the application to look at.</summary>
    public StagedCommit Stage(ReadOnlySpan<byte> commit, long nowSeconds)
    {
        ReadOnlyMemory<byte> bytes = commit.ToArray();
        MlsException.ThrowIf(TryParse(bytes, out MlsMessage? message));
        ulong epoch = EpochOf(message!);
        MlsException.ThrowIf(epoch < Epoch ? Rule.PastEpoch : epoch > Epoch ? Rule.FutureEpoch : null);
        MlsException.ThrowIf(TryUnprotect(message!, out Unprotected? unprotected));
        using (unprotected)
        {
            MlsException.ThrowIf(unprotected!.Outcome is { } outcome ? RuleOf(outcome) : null);
            MlsException.ThrowIf(unprotected.Content!.Content.Commit is null ? Rule.UnexpectedMessage : null);
            MlsException.ThrowIf(TryStage(unprotected, bytes, nowSeconds, out StagedCommit? staged));
            return staged!;
        }
    }

    /// <summary>Moves to the epoch of a staged commit. A commit of this member's own that was pending is dropped: it lost.</summary>
    /// <exception cref="ObjectDisposedException">The staged commit has been dropped.</exception>
    public ReceivedCommit Merge(StagedCommit staged, long nowSeconds)
    {
        RequireMember();
        ObjectDisposedException.ThrowIf(staged.IsDropped, staged);
        MlsException.ThrowIf(ReferenceEquals(staged.Base, _state) ? null : Rule.CommitStale); // RFC 9420 §14
        return MergeReceived(NewRecords(), staged, nowSeconds);
    }

    private static ulong EpochOf(MlsMessage message) => message.PublicMessage?.Content.Epoch ?? message.PrivateMessage!.Epoch;

    private static MlsError RuleOf(NotProcessedReason reason) => reason switch
    {
        NotProcessedReason.OwnMessage or NotProcessedReason.OwnPendingCommit => Rule.OwnMessage,
        NotProcessedReason.Duplicate => Rule.Duplicate,
        _ => Rule.PastEpoch,
    };

    private MlsError? TryParse(ReadOnlyMemory<byte> bytes, out MlsMessage? message)
    {
        if (!MlsMessage.TryParse(bytes, out message))
        {
            return Rule.Malformed; // RFC 9420 §6
        }
        if (message.PublicMessage is null && message.PrivateMessage is null)
        {
            return Rule.UnexpectedMessage; // RFC 9420 §6
        }
        ReadOnlyMemory<byte> groupId = message.PublicMessage?.Content.GroupId ?? message.PrivateMessage!.GroupId;
        if (!groupId.Span.SequenceEqual(GroupId.Span))
        {
            return Rule.WrongGroup; // RFC 9420 §6
        }
        return _removed ? Rule.NotMember : null; // RFC 9420 §12.4.2
    }

    private MlsError? TryProcess(ReadOnlyMemory<byte> bytes, long nowSeconds, out Received? received)
    {
        received = null;
        if (TryParse(bytes, out MlsMessage? message) is { } parseError)
        {
            return parseError;
        }
        ForgetExpired(nowSeconds);
        RecordSet records = NewRecords();
        bool wasHeld = _held.Contains(bytes);
        if (wasHeld)
        {
            records.Delete(HeldMessages.KeyOf(GroupId, bytes));
        }
        ulong epoch = EpochOf(message!);
        if (epoch > Epoch)
        {
            received = Hold(bytes, epoch, wasHeld);
            return null;
        }
        MlsError? error = epoch < Epoch
            ? TryProcessPast(message!, bytes, records, out received)
            : TryProcessPresent(message!, bytes, (records, nowSeconds), out received);
        if (error is null && wasHeld)
        {
            _held.Remove(bytes);
        }
        return error;
    }

    /// <summary>Deletes past epochs that have become too old, whether or not a commit comes.</summary>
    private void ForgetExpired(long nowSeconds)
    {
        List<PastEpoch> expired = _past.FindAll(past => nowSeconds - past.EndedSeconds > _client.Retention.PastEpochSecondsMax);
        if (expired.Count > 0)
        {
            RecordSet records = NewRecords();
            foreach (PastEpoch past in expired)
            {
                past.Delete(records);
            }
            Store(records);
            foreach (PastEpoch past in expired)
            {
                _past.Remove(past);
                past.Dispose();
            }
        }
    }

    /// <summary>Keeps a message of an epoch to come, as far as the policy allows.</summary>
    private NotProcessed Hold(ReadOnlyMemory<byte> bytes, ulong epoch, bool wasHeld)
    {
        if (wasHeld)
        {
            return new NotProcessed(epoch, NotProcessedReason.FutureEpoch);
        }
        // Nobody has verified what is held. What is farthest makes room, so that made-up epochs do not keep out the next one.
        RetentionPolicy policy = _client.Retention;
        ReadOnlyMemory<byte> dropped = default;
        bool full = _held.Count >= policy.HeldMessagesMax || _held.Bytes + bytes.Length > policy.HeldBytesMax;
        if (full && (!_held.TryFindFarthest(beyond: epoch, out dropped) || _held.Bytes - dropped.Length + bytes.Length > policy.HeldBytesMax))
        {
            return new NotProcessed(epoch, NotProcessedReason.FutureEpochNotHeld);
        }
        RecordSet records = NewRecords();
        if (full)
        {
            records.Delete(HeldMessages.KeyOf(GroupId, dropped));
        }
        records.Put(HeldMessages.KeyOf(GroupId, bytes), bytes.Span);
        var received = new NotProcessed(epoch, NotProcessedReason.FutureEpoch);
        Store(records, received);
        _held.Remove(dropped);
        _held.Add(epoch, bytes);
        return received;
    }

    private MlsError? TryProcessPresent(MlsMessage message, ReadOnlyMemory<byte> bytes, (RecordSet Records, long NowSeconds) now, out Received? received)
    {
        received = null;
        if (_pendingCommit is { } pending && pending.Pending.Message.Span.SequenceEqual(bytes.Span))
        {
            received = new NotProcessed(Epoch, NotProcessedReason.OwnPendingCommit);
            Store(now.Records, received);
            return null;
        }
        if (TryUnprotect(message, out Unprotected? unprotected) is { } error)
        {
            return error;
        }
        using (unprotected)
        {
            if (unprotected!.Outcome is { } outcome)
            {
                received = new NotProcessed(Epoch, outcome);
                Store(now.Records, received);
                return null;
            }
            FramedContent content = unprotected.Content!.Content;
            if (content.ContentType == ContentType.Commit)
            {
                MlsError? stageError = TryStage(unprotected, bytes, now.NowSeconds, out StagedCommit? staged);
                using (staged)
                {
                    received = stageError is null ? MergeReceived(now.Records, staged!, now.NowSeconds) : null;
                }
                return stageError;
            }
            if (content.ContentType == ContentType.Proposal)
            {
                return TryKeepProposal(unprotected, now, out received);
            }
            var sender = new Member(content.Sender.Index, _state.Tree.Leaf(content.Sender.Index)!);
            received = new ReceivedApplication(Epoch, sender, content.ApplicationData, content.AuthenticatedData);
            StoreReceived(now.Records, unprotected, received);
            return null;
        }
    }

    private MlsError? TryKeepProposal(Unprotected unprotected, (RecordSet Records, long NowSeconds) now, out Received? received)
    {
        AuthenticatedContent content = unprotected.Content!;
        var proposal = new ReceivedProposal(content, content.ComputeReference(_crypto));
        received = proposal;
        if (_proposals.ContainsKey(proposal.Reference))
        {
            received = new NotProcessed(Epoch, NotProcessedReason.Duplicate);
            StoreReceived(now.Records, unprotected, received);
            return null;
        }
        MlsError? error = ProposalRules.Check(View(now.NowSeconds, sending: false), proposal.Proposal, proposal.Sender, askAboutCredential: true);
        if (error is not null)
        {
            received = null;
            return error;
        }
        var cached = new CachedProposal(proposal, null, _proposalOrder);
        PutProposal(now.Records, cached);
        StoreReceived(now.Records, unprotected, received);
        AddProposal(cached);
        return null;
    }

    /// <summary>A message of an epoch that is over: application data can still be read for a while, the rest gets its name.</summary>
    private MlsError? TryProcessPast(MlsMessage message, ReadOnlyMemory<byte> bytes, RecordSet records, out Received? received)
    {
        ulong epoch = EpochOf(message);
        PastEpoch? past = _past.Find(item => item.Epoch == epoch);
        ContentType type = message.PublicMessage?.Content.ContentType ?? message.PrivateMessage!.ContentType;
        if (past is not null && type == ContentType.Application && message.PrivateMessage is { } encrypted)
        {
            return TryReadPast(past, encrypted, records, out received);
        }
        received = new NotProcessed(epoch, NotProcessedReason.PastEpoch);
        if (past is not null && type == ContentType.Commit)
        {
            byte[] name = CommitRace.NameOf(bytes.Span);
            received = past.CommitName.Span.SequenceEqual(name)
                ? new NotProcessed(epoch, NotProcessedReason.Duplicate)
                : new NotProcessed(epoch, NotProcessedReason.Fork) { Winner = past.CommitName, Loser = name };
        }
        Store(records, records.Changes.Count > 0 ? received : null);
        return null;
    }

    private MlsError? TryReadPast(PastEpoch past, PrivateMessage message, RecordSet records, out Received? received)
    {
        var keys = new EpochKeys(past.Context, past.SenderData, past.SecretTree, leaf => LeafAt(past, leaf));
        if (TryDecrypt(keys, message, out Unprotected? unprotected) is { } error)
        {
            received = null;
            return error;
        }
        using (unprotected)
        {
            if (unprotected!.Outcome is { } outcome)
            {
                received = new NotProcessed(past.Epoch, outcome);
                Store(records, received);
                return null;
            }
            FramedContent content = unprotected.Content!.Content;
            received = new ReceivedApplication(
                past.Epoch, new Member(content.Sender.Index, LeafAt(past, content.Sender.Index)!), content.ApplicationData, content.AuthenticatedData);
            StoreReceived(records, unprotected, received);
            return null;
        }
    }

    /// <summary>A leaf as it was in a past epoch.</summary>
    private LeafNode? LeafAt(PastEpoch past, uint leaf)
    {
        for (int i = _past.IndexOf(past); i < _past.Count; i++)
        {
            if (_past[i].Overwritten.TryGetValue(leaf, out LeafNode? node))
            {
                return node;
            }
        }
        return _state.Tree.Leaf(leaf);
    }

    private void StoreReceived(RecordSet records, Unprotected unprotected, Received received)
    {
        if (unprotected.Step is { } step)
        {
            records.PutStep(unprotected.Epoch, step);
        }
        Store(records, received);
        unprotected.MakeStep();
    }

    private MlsError? TryStage(Unprotected unprotected, ReadOnlyMemory<byte> bytes, long nowSeconds, out StagedCommit? staged)
    {
        staged = null;
        AuthenticatedContent content = unprotected.Content!;
        if (TryResolve(content, out List<CommittedProposal> proposals) is { } resolveError)
        {
            return resolveError;
        }
        var reading = new CommitReading
        {
            View = View(nowSeconds, sending: false),
            State = _state,
            Content = content,
            Proposals = proposals,
            FindOwnUpdate = received => _proposals[received.Reference].Own,
            FindPsk = FindPsk,
        };
        if (reading.TryRead(out EpochState? next, out EpochChange? change) is { } error)
        {
            return error;
        }
        RecordSet changes = NewRecords();
        if (next is not null)
        {
            PutEpoch(changes, _state, next, _crypto);
        }
        staged = new StagedCommit(Epoch, change!, next, changes.Changes)
        {
            Name = CommitRace.NameOf(bytes.Span),
            AuthenticatedData = content.Content.AuthenticatedData,
            UsedKey = unprotected.SenderData,
            Base = _state,
        };
        return null;
    }

    private MlsError? TryResolve(AuthenticatedContent content, out List<CommittedProposal> proposals)
    {
        proposals = [];
        foreach (ProposalOrRef item in content.Content.Commit!.Proposals)
        {
            if (item.Proposal is not null)
            {
                proposals.Add(new CommittedProposal(item.Proposal, content.Content.Sender, null));
            }
            else if (content.Content.Sender.Type == SenderType.NewMemberCommit)
            {
                return Rule.ExternalCommitReference; // RFC 9420 §12.4.3.2
            }
            else if (_proposals.TryGetValue(item.Reference, out CachedProposal? cached))
            {
                proposals.Add(new CommittedProposal(cached.Received.Proposal, cached.Received.Sender, cached.Received));
            }
            else
            {
                return Rule.ProposalUnknown; // RFC 9420 §12.4
            }
        }
        return null;
    }

    private ReceivedCommit MergeReceived(RecordSet records, StagedCommit staged, long nowSeconds)
    {
        var received = new ReceivedCommit(staged.Epoch, staged.Change, _pendingCommit is not null, staged.AuthenticatedData);
        RatchetStep? step = null;
        if (staged.UsedKey is { } used && staged.Next is not null)
        {
            // The commit's own key is used up too, in the epoch it ends; another message of the sender may have come in between.
            _state.SecretTree.TryPrepareReceive(_crypto, used.LeafIndex, RatchetKind.Handshake, used.Generation, Limits, out step);
        }
        MergeCore(records, staged, nowSeconds, (received, step));
        return received;
    }
}
