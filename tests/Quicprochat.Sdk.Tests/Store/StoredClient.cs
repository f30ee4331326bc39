using System.Text;
using Google.Protobuf;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;
using Quicprochat.Sdk.Store.Tables;

namespace Quicprochat.Sdk.Tests.Store;

/// <summary>A client as the SDK will be one: its group, its history, its cursor and its outbox in one transaction each.</summary>
internal sealed class StoredClient : IAsyncDisposable
{
    public static readonly byte[] Conversation = [.. "the conversation"u8];

    private StoredClient(LocalStore store)
    {
        Store = store;
        Mls = Chat.Client(store.Groups);
        Groups = new GroupCache(Mls);
    }

    public LocalStore Store { get; }

    public MlsClient Mls { get; }

    public GroupCache Groups { get; }

    public static async Task<StoredClient> CreateAsync(string folder, LocalStoreOptions? options = null) =>
        new(await LocalStore.CreateAsync(folder, Profile.Key, options ?? Profile.Options));

    public static async Task<StoredClient> OpenAsync(string folder, LocalStoreOptions? options = null) =>
        new(await LocalStore.OpenAsync(folder, Profile.Key, options ?? Profile.Options));

    public SigningIdentity CreateIdentity(string name) => Mls.CreateIdentity(Credential.Basic(name));

    /// <summary>Makes a group with the owners of key packages; the Welcome.</summary>
    public Task<byte[]> BeginAsync(string name, params byte[][] keyPackages) => Store.Write(tx =>
    {
        Group group = Group.Create(Mls, CreateIdentity(name), Chat.Now);
        tx.Settings.Put("group", group.GroupId.Span);
        Groups.Add(tx, group);
        PendingCommit commit = group.Add([.. keyPackages.Select(static package => Chat.Parse(package))], Chat.Now);
        group.ConfirmCommit(Chat.Now);
        return commit.Welcome!.Value.ToArray();
    });

    public Task<byte[]> PublishAsync(string name) => Store.Write(_ => Mls.CreateKeyPackage(CreateIdentity(name), Chat.Now).ToMessage());

    public Task JoinAsync(byte[] welcome) => Store.Write(tx =>
    {
        Group group = Group.Join(Mls, welcome, Chat.Now);
        tx.Settings.Put("group", group.GroupId.Span);
        Groups.Add(tx, group);
    });

    /// <summary>Encrypts and puts into the outbox; the number there.</summary>
    public Task<long> SendAsync(string text) => Store.Write(tx =>
    {
        Group group = Find(tx);
        var row = new OutboxRow
        {
            Lane = ByteString.CopyFrom(Conversation),
            MessageId = ByteString.CopyFromUtf8(text),
            Payload = ByteString.CopyFrom(group.Protect(Encoding.UTF8.GetBytes(text))),
        };
        Assert.True(tx.Outbox.TryAdd(row));
        Assert.True(tx.Messages.TryAdd(Row(text, "me")));
        return row.Number;
    });

    public Task SentAsync(long number) => Store.Write(tx => Assert.True(tx.Outbox.Remove(number)));

    /// <summary>Takes what lies at a place of the mailbox, if it was not taken yet.</summary>
    public Task ReceiveAsync(ulong sequence, byte[] payload) => Store.Write(tx =>
    {
        if (sequence <= tx.Mailbox.Read().Cursor)
        {
            return;
        }
        if (Find(tx).Process(payload, Chat.Now) is ReceivedApplication received)
        {
            string text = Encoding.UTF8.GetString(received.Data.Span);
            Assert.True(tx.Messages.TryAdd(Row(text, Encoding.UTF8.GetString(received.Sender.Credential.Identity.Span))));
        }
        tx.Mailbox.Put(new MailboxRow { Cursor = sequence });
    });

    /// <summary>A commit that the server takes at once.</summary>
    public Task<byte[]> CommitAsync() => Store.Write(tx =>
    {
        Group group = Find(tx);
        byte[] message = group.Commit(Chat.Now).Message.ToArray();
        group.ConfirmCommit(Chat.Now);
        return message;
    });

    public Task<string[]> HistoryAsync() => Store.Read(static tx => tx.Messages.After(Conversation, 0, int.MaxValue).Select(static row => row.Body.ToStringUtf8()).ToArray());

    public Task<byte[]> AuthenticatorAsync() => Store.Read(tx => Find(tx).EpochAuthenticator);

    public Task<ulong> CursorAsync() => Store.Read(static tx => tx.Mailbox.Read().Cursor);

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    public Group Find(StoreTransaction tx) => Groups.Find(tx, tx.Settings.Find("group"))!;

    private static MessageRow Row(string text, string sender) => new()
    {
        ConversationId = ByteString.CopyFrom(Conversation),
        MessageId = ByteString.CopyFromUtf8(text),
        Sender = sender,
        Body = ByteString.CopyFromUtf8(text),
    };
}
