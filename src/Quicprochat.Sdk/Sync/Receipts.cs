using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Quicprochat.Mls.Groups;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Conversations;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Messages;
using Quicprochat.Sdk.Session;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Sync;

/// <summary>
/// Tells senders how far their messages came, and learns it of the own ones. A receipt names one message of one device and means all before it, so one of them speaks for a
/// thousand messages, and one that gets lost is made good by the next.
/// </summary>
internal sealed class Receipts(ClientState client, ServerSession session)
{
    /// <summary>In larger groups everybody's receipts to everybody would be more than what is said.</summary>
    private const int AccountsMax = 32;

    private const string Kind = "progress";
    private static readonly TimeSpan _delay = TimeSpan.FromMilliseconds(300);

    private readonly ConcurrentDictionary<(ConversationId Conversation, string Account, DeviceId Device, bool Read), MessageId> _due = new();
    private readonly ConcurrentDictionary<(ConversationId Conversation, string Account), Progress> _progress = new();
    private int _timer;

    public void Load(StoreTransaction transaction)
    {
        foreach (Store.Tables.KeyedRecord record in transaction.Records.List(Kind))
        {
            ProgressRecord row = ProgressRecord.Parser.ParseFrom(record.Value.Span);
            _progress[(ConversationId.From(row.GroupId.Span), row.Account)] = new Progress(IdOf(row.Delivered), IdOf(row.Read));
        }
    }

    /// <summary>How far an own message of this device has come with everybody.</summary>
    public MessageState StateOf(ConversationId conversation, IEnumerable<string> others, MessageId message)
    {
        MessageState state = MessageState.Read;
        bool any = false;
        foreach (string account in others)
        {
            any = true;
            Progress progress = _progress.GetValueOrDefault((conversation, account)) ?? new Progress(null, null);
            MessageState one = progress.Read >= message ? MessageState.Read : progress.Delivered >= message ? MessageState.Delivered : MessageState.Sent;
            state = one < state ? one : state;
        }
        return any ? state : MessageState.Sent;
    }

    /// <summary>A receipt about messages of this device came, in a transaction.</summary>
    public void Take(StoreTransaction transaction, ConversationState state, VerifiedMember sender, Receipt receipt)
    {
        Compare(transaction, state, sender, receipt);
        if (!string.Equals(receipt.Account, client.Device.Account, StringComparison.Ordinal)
            || !receipt.DeviceId.Span.SequenceEqual(client.Device.Id.ToArray())
            || string.Equals(sender.Account, client.Device.Account, StringComparison.Ordinal)
            || !MessageId.TryFrom(receipt.UpTo.Span, out MessageId upTo))
        {
            return;
        }
        var key = (state.Id, sender.Account);
        Progress before = _progress.GetValueOrDefault(key) ?? new Progress(null, null);
        Progress after = receipt.Kind switch
        {
            Receipt.Types.Kind.Read => new Progress(Later(before.Delivered, upTo), Later(before.Read, upTo)),
            Receipt.Types.Kind.Delivered => before with { Delivered = Later(before.Delivered, upTo) },
            _ => before,
        };
        if (after == before)
        {
            return;
        }
        _progress[key] = after;
        transaction.OnRollback(() => _progress[key] = before);
        var record = new ProgressRecord { GroupId = state.Row.GroupId, Account = sender.Account, Delivered = BytesOf(after.Delivered), Read = BytesOf(after.Read) };
        transaction.Records.Put(Kind, [.. state.Row.GroupId.Span, .. System.Text.Encoding.UTF8.GetBytes(sender.Account)], record.ToByteArray());
        ConversationId id = state.Id;
        client.RaiseAfter(transaction, state, conversation => new MessageStateChanged(conversation, upTo, StateOf(id, conversation.OtherAccounts(), upTo)));
    }

    /// <summary>A message of somebody else is on this disk.</summary>
    public void NoteDelivered(ConversationId conversation, VerifiedMember sender, MessageId upTo) => Note((conversation, sender.Account, sender.Device, false), upTo);

    /// <summary>The user read up to a message of that device.</summary>
    public void NoteRead(ConversationId conversation, string account, DeviceId device, MessageId upTo) => Note((conversation, account, device, true), upTo);

    private void Note((ConversationId Conversation, string Account, DeviceId Device, bool Read) key, MessageId upTo)
    {
        if (!client.Options.SendReceipts)
        {
            return;
        }
        _due.AddOrUpdate(key, upTo, (_, old) => old > upTo ? old : upTo);
        if (Interlocked.Exchange(ref _timer, 1) == 0)
        {
            _ = client.RunAsync(SendSoonAsync);
        }
    }

    private async Task SendSoonAsync()
    {
        await Task.Delay(_delay, client.Options.TimeProvider);
        Interlocked.Exchange(ref _timer, 0);
        foreach (var group in _due.ToArray().GroupBy(static item => item.Key.Conversation))
        {
            foreach (var item in group)
            {
                _due.TryRemove(item);
            }
            try
            {
                await SendAsync(group.Key, [.. group]);
            }
            catch (Exception e)
            {
                client.Logger.LogDebug(e, "Receipts are not sent; the next ones say the same");
            }
        }
    }

    private async Task SendAsync(ConversationId id, IReadOnlyList<KeyValuePair<(ConversationId Conversation, string Account, DeviceId Device, bool Read), MessageId>> due)
    {
        if (session.State != ConnectionState.Connected || client.Conversations.Show(id) is not { Status: ConversationStatus.Active, Members.Count: <= AccountsMax })
        {
            return;
        }
        SendRequest? request = await MakeAsync(id, group =>
        {
            var messages = new AppMessages();
            foreach (var item in due)
            {
                messages.Messages.Add(new AppMessage
                {
                    SentMs = (ulong)client.NowMs,
                    Receipt = new Receipt
                    {
                        Kind = item.Key.Read ? Receipt.Types.Kind.Read : Receipt.Types.Kind.Delivered,
                        Account = item.Key.Account,
                        DeviceId = ByteString.CopyFrom(item.Key.Device.ToArray()),
                        UpTo = ByteString.CopyFrom(item.Value.ToArray()),
                        Epoch = group.Epoch,
                        EpochAuthenticator = ByteString.CopyFrom(group.EpochAuthenticator),
                    },
                });
            }
            return messages;
        });
        if (request is not null)
        {
            await session.CallAsync(Methods.Send, request, CancellationToken.None);
        }
    }

    /// <summary>Sends what is not kept and not repeated.</summary>
    public async Task SendTransientAsync(ConversationId id, AppMessage message, CancellationToken cancellationToken)
    {
        SendRequest? request = await MakeAsync(id, _ => new AppMessages { Messages = { message } });
        if (request is not null)
        {
            await session.CallAsync(Methods.Send, request, cancellationToken);
        }
    }

    private Task<SendRequest?> MakeAsync(ConversationId id, Func<Group, AppMessages> make) => client.Store.WriteAsync(transaction =>
    {
        ConversationState state = client.Conversations.Require(transaction, id.ToArray());
        Group group = Sending.RequireGroup(client, transaction, state);
        if (group.PendingProposals.Count > 0)
        {
            return null;
        }
        AppMessages messages = make(group);
        ByteString messageId = ByteString.CopyFrom(client.Ids.Next().ToArray());
        return new SendRequest
        {
            GroupId = state.Row.GroupId,
            EntryHash = state.Position.BaseHash,
            Kind = EnvelopeKind.Application,
            MessageId = messageId,
            Payload = new Payload { Inline = Sending.Protect(group, messages, messageId) },
        };
    });

    /// <summary>The same epoch with another authenticator is a fork.</summary>
    private void Compare(StoreTransaction transaction, ConversationState state, VerifiedMember sender, Receipt receipt)
    {
        ReadOnlyMemory<byte> own = receipt.Epoch == state.Position.Epoch
            ? client.Groups.Find(transaction, state.GroupId)?.EpochAuthenticator
            : state.Position.Past.FirstOrDefault(past => past.Epoch == receipt.Epoch)?.Authenticator.Memory ?? default;
        if (!own.IsEmpty && !receipt.EpochAuthenticator.IsEmpty && !CryptographicOperations.FixedTimeEquals(own.Span, receipt.EpochAuthenticator.Span))
        {
            (string account, ulong epoch) = (sender.Account, receipt.Epoch);
            client.RaiseAfter(transaction, state, conversation => new ForkSuspected(conversation, account, epoch));
        }
    }

    private static MessageId? Later(MessageId? one, MessageId other) => one is { } known && known > other ? known : other;

    private static MessageId? IdOf(ByteString bytes) => MessageId.TryFrom(bytes.Span, out MessageId id) ? id : null;

    private static ByteString BytesOf(MessageId? id) => id is { } known ? ByteString.CopyFrom(known.ToArray()) : ByteString.Empty;

    /// <summary>How far an account has come with the messages of this device.</summary>
    private sealed record Progress(MessageId? Delivered, MessageId? Read);
}
