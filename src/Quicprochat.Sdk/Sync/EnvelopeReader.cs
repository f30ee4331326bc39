using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Quicprochat.Mls;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Conversations;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Messages;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Sync;

/// <summary>Takes envelopes in their order, within a transaction: what they say, the new MLS state and the cursor are stored together.</summary>
internal sealed class EnvelopeReader(ClientState client, LogFollower follower)
{
    /// <summary>A receipt came. In a transaction.</summary>
    public Action<StoreTransaction, ConversationState, VerifiedMember, Receipt> TakeReceipt { get; set; } = static (_, _, _, _) => { };

    /// <summary>A message of somebody else was stored: its sender may be told. Called when it is on disk.</summary>
    public Action<ConversationId, VerifiedMember, MessageId> Delivered { get; set; } = static (_, _, _) => { };

    /// <summary>Takes one envelope; false when the log of its group has to be followed first.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="envelope">The envelope.</param>
    /// <param name="payload">Its payload; null when that cannot be had.</param>
    /// <param name="followed">The log was followed already: what is missing now does not exist.</param>
    public bool TryTake(StoreTransaction transaction, Envelope envelope, ReadOnlyMemory<byte>? payload, bool followed)
    {
        if (envelope.Kind == EnvelopeKind.Welcome)
        {
            TakeWelcome(transaction, envelope, payload);
            return true;
        }
        if (client.Conversations.Find(transaction, envelope.GroupId.Span) is not { } state || !state.IsUsable)
        {
            return true;
        }
        if (envelope.Kind == EnvelopeKind.Commit)
        {
            return envelope.Entry is null || follower.Take(transaction, state, envelope.Entry, payload) != EntryOutcome.Gap || followed;
        }
        if (!state.Knows(envelope.EntryHash) && !followed)
        {
            return false;
        }
        if (payload is { } bytes && envelope.Kind is EnvelopeKind.Application or EnvelopeKind.Proposal)
        {
            TakeMessage(transaction, state, envelope, bytes);
        }
        return true;
    }

    private void TakeMessage(StoreTransaction transaction, ConversationState state, Envelope envelope, ReadOnlyMemory<byte> bytes)
    {
        if (client.Groups.Find(transaction, state.GroupId) is not { } group)
        {
            return;
        }
        try
        {
            switch (group.Process(bytes.Span, client.NowSeconds))
            {
                case ReceivedApplication application:
                    TakeApplication(transaction, state, (group, envelope), application);
                    break;
                case ReceivedProposal proposal:
                    TakeProposal(transaction, state, group, proposal);
                    break;
                case ReceivedCommit:
                    throw new InvalidOperationException("A commit came as a message.");
                case NotProcessed:
                    // Known already, or this device's own: nobody's fault, and nothing to do.
                    break;
            }
        }
        catch (MlsException e)
        {
            client.Logger.LogWarning(e, "A message cannot be read");
            client.RaiseAfter(transaction, state, static conversation => new Notice(conversation, "A message came that cannot be read here. Others may have the same; ask the sender to repeat it."));
        }
    }

    private void TakeApplication(StoreTransaction transaction, ConversationState state, (Group Group, Envelope Envelope) at, ReceivedApplication application)
    {
        (Group group, Envelope envelope) = at;
        if (!client.Directory.TryIdentify(application.Sender.Credential, out VerifiedMember? sender)
            || !Protobuf.TryParse(MessageHeader.Parser, application.AuthenticatedData.Span, out MessageHeader? header)
            || !header.MessageId.Equals(envelope.MessageId)
            || !Protobuf.TryParse(AppMessages.Parser, application.Data.Span, out AppMessages? messages))
        {
            client.Logger.LogWarning("A message is not laid out as it should be");
            return;
        }
        if (state.Row.Unconfirmed && application.Epoch == group.Epoch)
        {
            state.Row.Unconfirmed = false;
            client.Conversations.Save(transaction, state, membersChanged: false);
        }
        MessageId? last = null;
        foreach (AppMessage message in messages.Messages)
        {
            if (!AppContent.IsKept(message))
            {
                TakeTransient(transaction, state, sender, message);
            }
            else if (MessageId.TryFrom(message.Id.Span, out MessageId id)
                && IsAllowed(transaction, state, sender, message)
                && MessageStoring.TryAddReceived(client, transaction, state, (sender, message, application.Epoch, envelope.TimeMs)))
            {
                last = id;
            }
        }
        if (last is { } upTo && !string.Equals(sender.Account, client.Device.Account, StringComparison.Ordinal))
        {
            ConversationId conversation = state.Id;
            transaction.OnCommit(() => Delivered(conversation, sender, upTo));
        }
    }

    /// <summary>Edits and deletions are only of messages of the same account.</summary>
    private static bool IsAllowed(StoreTransaction transaction, ConversationState state, VerifiedMember sender, AppMessage message)
    {
        ByteString? of = message.BodyCase switch
        {
            AppMessage.BodyOneofCase.Edit => message.Edit.Of,
            AppMessage.BodyOneofCase.Delete => message.Delete.Of,
            _ => null,
        };
        return of is null
            || transaction.Messages.Find(state.Row.Id.Span, of.Span) is not { } original
            || string.Equals(original.Sender, sender.Account, StringComparison.Ordinal);
    }

    private void TakeTransient(StoreTransaction transaction, ConversationState state, VerifiedMember sender, AppMessage message)
    {
        switch (message.BodyCase)
        {
            case AppMessage.BodyOneofCase.Receipt:
                TakeReceipt(transaction, state, sender, message.Receipt);
                break;
            case AppMessage.BodyOneofCase.Typing when !string.Equals(sender.Account, client.Device.Account, StringComparison.Ordinal):
                client.RaiseAfter(transaction, state, conversation => new Sdk.Typing(conversation, sender.Account));
                break;
            case AppMessage.BodyOneofCase.Naming:
                GroupName.Take(client, transaction, state, message, sender.Account);
                break;
            case AppMessage.BodyOneofCase.Leave when client.Groups.Find(transaction, state.GroupId) is { } group:
                Depart(transaction, state, client.Conversations.MembersOf(group).Where(member => string.Equals(member.Account, sender.Account, StringComparison.Ordinal)));
                break;
        }
    }

    /// <summary>A proposal of another client: who wants to go is noted, and the next commit of anybody covers the rest.</summary>
    private void TakeProposal(StoreTransaction transaction, ConversationState state, Group group, ReceivedProposal proposal)
    {
        if (proposal.Proposal is RemoveProposal remove
            && proposal.Sender.Type == Quicprochat.Mls.Framing.SenderType.Member
            && proposal.Sender.Index == remove.Removed
            && group.FindMember(remove.Removed) is { } leaving
            && client.Directory.TryIdentify(leaving.Credential, out VerifiedMember? member))
        {
            Depart(transaction, state, [member]);
        }
    }

    /// <summary>Notes devices that are to be removed. Somebody else will do it for this one.</summary>
    public void Depart(StoreTransaction transaction, ConversationState state, IEnumerable<VerifiedMember> members)
    {
        bool any = false;
        foreach (VerifiedMember member in members)
        {
            ByteString device = ByteString.CopyFrom(member.Device.ToArray());
            if (!state.Row.Departing.Any(item => item.DeviceId.Equals(device) && string.Equals(item.Account, member.Account, StringComparison.Ordinal)))
            {
                state.Row.Departing.Add(new RosterDevice { Account = member.Account, DeviceId = device });
                any = true;
            }
        }
        if (any)
        {
            client.Conversations.Save(transaction, state, membersChanged: false);
            ConversationId id = state.Id;
            transaction.OnCommit(() => follower.Changed(id));
        }
    }

    private void TakeWelcome(StoreTransaction transaction, Envelope envelope, ReadOnlyMemory<byte>? payload)
    {
        if (!LogEntryView.TryRead(envelope.Entry?.Body, envelope.GroupId.Span, out LogEntryView? view) || payload is not { } welcome)
        {
            return;
        }
        ConversationState? before = client.Conversations.Find(transaction, envelope.GroupId.Span);
        if (before is not null && view.Body.Index <= before.Position.Index && !before.Row.Left)
        {
            return;
        }
        try
        {
            // Whoever is welcomed was no member before it, whatever the store says.
            client.Groups.Find(transaction, envelope.GroupId.Span)?.Delete();
            client.Groups.Drop(envelope.GroupId.Span);
            Group group = Group.Join(client.Mls, welcome.Span, client.NowSeconds);
            if (!group.GroupId.Span.SequenceEqual(envelope.GroupId.Span) || group.Epoch != view.Body.Epoch + 1)
            {
                group.Delete();
                return;
            }
            client.Groups.Add(transaction, group);
            LeafNode leaf = group.FindMember(group.OwnLeafIndex)!.Value.LeafNode;
            ConversationState state = Joining.Enter(client, transaction, group, (view, before?.Row));
            if (KeyPackageStock.Use(transaction, leaf))
            {
                state.Row.Renew = true;
                client.Conversations.Save(transaction, state, membersChanged: false);
            }
            ConversationId id = state.Id;
            transaction.OnCommit(() => follower.Changed(id));
        }
        catch (MlsException e)
        {
            client.Logger.LogWarning(e, "A Welcome cannot be used");
            NoteUnusable(transaction, envelope.GroupId, before);
        }
    }

    /// <summary>The roster has this device, but the Welcome is of no use: the way in is an external commit.</summary>
    private void NoteUnusable(StoreTransaction transaction, ByteString groupId, ConversationState? before)
    {
        const string reason = "the invitation could not be used";
        if (before is not null)
        {
            before.Row.Left = false;
            before.Row.RejoinReason = string.Empty;
            follower.Lose(transaction, before, reason);
            return;
        }
        var id = ConversationId.From(groupId.Span);
        transaction.Records.Put(Housekeeper.UnknownGroupKind, groupId.Span, System.Text.Encoding.UTF8.GetBytes(reason));
        transaction.OnCommit(() => follower.Changed(id));
    }
}
