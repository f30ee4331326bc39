using Google.Protobuf;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Messages;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;
using Quicprochat.Sdk.Sync;

namespace Quicprochat.Sdk.Conversations;

/// <summary>Makes conversations, and adds accounts to them.</summary>
internal sealed class GroupMaker(ClientState client, Committer committer, KeyPackageFetch keyPackages, Outbox outbox)
{
    private const int GroupIdSize = 16;
    private const int FetchesMax = 16;

    /// <summary>A new conversation with every device of these accounts and of the own one.</summary>
    public async Task<Conversation> CreateAsync(ConversationKind kind, string title, IReadOnlyList<string> accounts, CancellationToken cancellationToken)
    {
        IReadOnlyList<(VerifiedMember, KeyPackage)> devices = await FetchAsync([.. accounts, client.Device.Account], cancellationToken);
        byte[] groupId = new byte[GroupIdSize];
        client.Options.Random.Fill(groupId);
        ConversationId id = await client.Store.WriteAsync(transaction => Begin(transaction, groupId, kind, title, accounts), cancellationToken);
        await committer.RunAsync(id, Intention.Add(devices), cancellationToken);
        await outbox.FlushAsync(id, cancellationToken);
        return client.Conversations.Show(id)!;
    }

    /// <summary>Adds every device of these accounts.</summary>
    public async Task InviteAsync(ConversationId id, IReadOnlyList<string> accounts, CancellationToken cancellationToken)
    {
        IReadOnlyList<(VerifiedMember, KeyPackage)> devices = await FetchAsync(accounts, cancellationToken);
        if (await committer.RunAsync(id, Intention.Add(devices), cancellationToken))
        {
            // The name is on its way to those who came.
            await outbox.FlushAsync(id, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<(VerifiedMember Device, KeyPackage KeyPackage)>> FetchAsync(IReadOnlyList<string> accounts, CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(FetchesMax);
        IReadOnlyList<(VerifiedMember, KeyPackage)>[] all = await Task.WhenAll(accounts.Distinct(StringComparer.Ordinal).Select(async account =>
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                IReadOnlyList<(VerifiedMember, KeyPackage)> found = await keyPackages.FetchAsync(account, null, cancellationToken);
                bool own = string.Equals(account, client.Device.Account, StringComparison.Ordinal);
                return found.Count > 0 || own ? found : throw new QpcException(
                    QpcError.DeviceUnready, $"No device of {account} can be added: none has been online yet.", "It can be as soon as one was.");
            }
            finally
            {
                slots.Release();
            }
        }));
        return [.. all.SelectMany(static found => found)];
    }

    /// <summary>A group of one, with entry 0 of its log on its way to the server.</summary>
    private ConversationId Begin(StoreTransaction transaction, byte[] groupId, ConversationKind kind, string title, IReadOnlyList<string> accounts)
    {
        var info = new ConversationInfo
        {
            Kind = kind switch
            {
                ConversationKind.Direct => ConversationInfo.Types.Kind.Direct,
                ConversationKind.Notes => ConversationInfo.Types.Kind.Notes,
                _ => ConversationInfo.Types.Kind.Group,
            },
            Server = AccountAddress.ServerOf(client.Device.Account),
        };
        using SigningIdentity leaf = client.Device.CreateLeaf(client.Mls);
        Group group = Group.Create(client.Mls, leaf, client.NowSeconds, new GroupOptions { GroupId = groupId, Extensions = Info.Write(info) });
        client.Groups.Add(transaction, group);
        ByteString id = ByteString.CopyFrom(groupId);
        LogEntryView view = LogEntryView.Of(new LogEntryBody { GroupId = id, Added = { client.Device.Reference } });
        transaction.PendingCommits.Put(new PendingCommitRow
        {
            GroupId = id,
            Body = view.Bytes,
            GroupInfo = UnsafeByteOperations.UnsafeWrap(group.CreateGroupInfo()),
            CreatedMs = client.NowMs,
        });
        var row = new ConversationRow
        {
            Id = id,
            GroupId = id,
            Kind = (uint)kind,
            Title = kind == ConversationKind.Notes ? "notes" : title,
            TitleVersion = title.Length > 0 ? ByteString.CopyFrom(client.Ids.Next().ToArray()) : ByteString.Empty,
            Peer = kind == ConversationKind.Direct ? accounts[0] : string.Empty,
            CreatedMs = client.NowMs,
        };
        ConversationState state = client.Conversations.Put(transaction, row, new LogPositionRow { GroupId = id, LastHash = view.Hash, BaseHash = view.Hash });
        client.RaiseAfter(transaction, state, static conversation => new ConversationAdded(conversation));
        return state.Id;
    }
}
