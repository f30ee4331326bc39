using Quicprochat.Sdk.Session;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Sync;

namespace Quicprochat.Sdk.Conversations;

/// <summary>The parts of a running client, put together.</summary>
internal sealed class ClientParts
{
    public ClientParts(ClientState client, ServerDoor door)
    {
        Client = client;
        Session = new ServerSession(client.Options, door, client.Device);
        Follower = new LogFollower(client);
        var catchUp = new CatchUp(client, Session, Follower);
        Committer = new Committer(client, Session, Follower, catchUp);
        KeyPackages = new KeyPackageFetch(client, Session);
        Receipts = new Receipts(client, Session);
        Outbox = new Outbox(client, Session, Committer);
        Maker = new GroupMaker(client, Committer, KeyPackages, Outbox);
        Reader = new EnvelopeReader(client, Follower) { TakeReceipt = Receipts.Take, Delivered = Receipts.NoteDelivered };
        Housekeeper = new Housekeeper(client, Session, Committer, new Rejoiner(client, Session), KeyPackages) { Follower = Follower, Reader = Reader };
        Stock = new KeyPackageStock(client, Session);
        Receiver = new Receiver(client, Session)
        {
            Reader = Reader,
            Follower = Follower,
            CatchUp = catchUp,
            Acknowledger = new Acknowledger(client, Session),
            Stock = Stock,
            Housekeeper = Housekeeper,
            Committer = Committer,
            Outbox = Outbox,
        };
        Committer.EnsureUsableAsync = Housekeeper.EnsureUsableAsync;
        Follower.Changed = Housekeeper.Wake;
        Follower.Invalid = Receiver.Report;
        Follower.Welcomed = Outbox.Announce;
        Session.ServeAsync = Receiver.ServeAsync;
        Session.Changed = (state, problem) => client.Events.Raise(new ConnectionChanged(state, problem));
    }

    public ClientState Client { get; }

    public ServerSession Session { get; }

    public LogFollower Follower { get; }

    public Committer Committer { get; }

    public KeyPackageFetch KeyPackages { get; }

    public GroupMaker Maker { get; }

    public Receipts Receipts { get; }

    public Outbox Outbox { get; }

    public EnvelopeReader Reader { get; }

    public Housekeeper Housekeeper { get; }

    public KeyPackageStock Stock { get; }

    public Receiver Receiver { get; }

    /// <summary>Reads what the store has.</summary>
    public async Task LoadAsync()
    {
        await Client.Store.ReadAsync(transaction =>
        {
            Client.Contacts.Load(transaction);
            Client.Conversations.Load(transaction);
            Receipts.Load(transaction);
            Receiver.Load(transaction);
            return true;
        });
        await Outbox.LoadAsync();
    }
}
