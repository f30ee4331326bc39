using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Services;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Handlers;

/// <summary>200–209: messages and mailboxes.</summary>
internal sealed class DeliveryHandlers(Deliveries deliveries)
{
    public ValueTask<SendResponse> SendAsync(ClientSession session, SendRequest request, CancellationToken cancellationToken)
    {
        if (request.Kind is not (EnvelopeKind.Application or EnvelopeKind.Proposal))
        {
            throw Refusals.Argument("kind must be an application message or a proposal; commits go by groups.commit.");
        }
        var message = new NewMessage
        {
            Group = Arguments.Group(request.GroupId),
            EntryHash = Arguments.Hash(request.EntryHash, "entry_hash"),
            Kind = request.Kind,
            Id = Arguments.Message(request.MessageId),
            Payload = Arguments.Payload(request.Payload, "payload"),
            Sender = session.Device,
        };
        return deliveries.SendAsync(message, cancellationToken);
    }

    public async ValueTask<SubscribeResponse> SubscribeAsync(ClientSession session, SubscribeRequest request, CancellationToken cancellationToken)
    {
        MailboxState mailbox = await deliveries.SubscribeAsync(session, Arguments.Number(request.Cursor, "cursor"), cancellationToken);
        return new SubscribeResponse { NewestSequence = (ulong)mailbox.Newest, LostUpTo = (ulong)mailbox.LostUpTo };
    }

    public async ValueTask<AcknowledgeResponse> AcknowledgeAsync(ClientSession session, AcknowledgeRequest request, CancellationToken cancellationToken)
    {
        if (request.UpTo == 0)
        {
            throw Refusals.Argument("up_to is 0; it must be the number of an envelope.");
        }
        await deliveries.AcknowledgeAsync(session, Arguments.Number(request.UpTo, "up_to"), cancellationToken);
        return new AcknowledgeResponse();
    }

    public async ValueTask<FetchResponse> FetchAsync(ClientSession session, FetchRequest request, CancellationToken cancellationToken)
    {
        long cursor = Arguments.Number(request.Cursor, "cursor");
        MailboxPage page = await deliveries.FetchAsync(session, cursor, Arguments.Limit(request.Limit, Deliveries.FetchMax), cancellationToken);
        var response = new FetchResponse { NewestSequence = (ulong)page.State.Newest, LostUpTo = (ulong)page.State.LostUpTo };
        var budget = default(FrameBudget);
        foreach (StoredEnvelope envelope in page.Envelopes)
        {
            if (!budget.TryTake(envelope))
            {
                break;
            }
            response.Envelopes.Add(envelope.ToContract());
        }
        return response;
    }
}
