using Microsoft.Extensions.Logging;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>Messages into mailboxes, and mailboxes to their devices (docs/protocol/delivery.md).</summary>
internal sealed class Deliveries(IServerStore store, Sessions sessions, ServerMeter meter, TimeProvider clock, ILogger<Deliveries> logger)
{
    /// <summary>What a device that polls is given at most.</summary>
    private static readonly PageBounds _page = new(Count: 256, Bytes: 1 << 20);

    /// <summary>Stores a message for the others on the roster; returns when that is durable.</summary>
    public async ValueTask<SendResponse> SendAsync(NewMessage message, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        long began = clock.GetTimestamp();
        SendResult result = await store.SendAsync(message, now.ToUnixTimeMilliseconds(), cancellationToken);
        switch (result.Status)
        {
            case SendStatus.Stored:
                meter.OnStored(clock.GetElapsedTime(began), result.Recipients);
                break;
            case SendStatus.AlreadyThere:
                break;
            default:
                throw RefusalOf(result.Status);
        }
        return new SendResponse { TimeMs = (ulong)result.TimeMs, Recipients = (uint)result.Recipients };
    }

    /// <summary>Pushes what is behind the cursor from now on. A connection that the device subscribed before is closed.</summary>
    public async ValueTask<MailboxState> SubscribeAsync(ClientSession session, long cursor, CancellationToken cancellationToken)
    {
        DeviceRecord record = await store.FindDeviceAsync(session.Device, cancellationToken) ?? throw Refusals.DeviceRevoked();
        if (cursor > record.Mailbox.Newest)
        {
            // Not a cursor of this mailbox: the client sees it by the answer, and subscribes with one that is.
            session.Replace(null);
            return record.Mailbox;
        }
        IMailboxReader reader = await store.OpenMailboxAsync(session.Device, cursor, cancellationToken) ?? throw Refusals.DeviceRevoked();
        ClientSession? before = sessions.Subscribe(session);
        if (before is not null)
        {
            before.End();
            await before.Connection.CloseAsync(CloseCode.Replaced, "The device subscribed on another connection.");
        }
        var pump = new MailboxPump(reader, meter, logger);
        session.Replace(pump);
        pump.Start(session);
        return record.Mailbox;
    }

    /// <summary>A stretch of the mailbox, for those who poll.</summary>
    public ValueTask<MailboxPage> FetchAsync(ClientSession session, long cursor, int limit, CancellationToken cancellationToken) =>
        store.ReadMailboxAsync(session.Device, cursor, _page with { Count = limit }, cancellationToken);

    /// <summary>Most envelopes of one fetch.</summary>
    public static int FetchMax => _page.Count;

    /// <summary>Drops what the device has stored.</summary>
    public async ValueTask AcknowledgeAsync(ClientSession session, long upTo, CancellationToken cancellationToken)
    {
        if (!await store.AcknowledgeAsync(session.Device, upTo, cancellationToken))
        {
            throw Refusals.DeviceRevoked();
        }
    }

    private static RpcException RefusalOf(SendStatus status) => status switch
    {
        SendStatus.Conflict => new(
            RpcStatus.Conflict, ErrorCodes.MessageConflict, "The group has another message with this id. Retry with the very bytes that were sent first, or give a new message a new id."),
        SendStatus.GroupUnknown => Refusals.GroupUnknown(),
        SendStatus.NotMember => Refusals.GroupNotMember(),
        SendStatus.EpochStale => new(
            RpcStatus.Conflict, ErrorCodes.GroupEpochStale, "The group is too many epochs further, or has no such entry. Take its log, and encrypt the message again in the present epoch."),
        SendStatus.BlobUnknown => Refusals.BlobUnknown(),
        _ => Refusals.ServerFault(),
    };
}
