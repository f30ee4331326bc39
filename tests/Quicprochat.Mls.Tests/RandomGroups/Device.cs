using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests.RandomGroups;

/// <summary>A client with its store, what is on its way to it, and what it has read.</summary>
internal sealed class Device
{
    public static readonly ExtensionType OwnExtension = (ExtensionType)0xF100;
    public static readonly RetentionPolicy Retention = new();

    private readonly Dice _dice;
    private readonly IPskSource _psks;

    public Device(string name, CipherSuite suite, Dice dice, IPskSource psks)
    {
        Name = name;
        _dice = dice;
        _psks = psks;
        Client = NewClient(Store);
        Identity = Client.CreateIdentity(Credential.Basic(name), suite);
    }

    public string Name { get; }

    public CuttableStore Store { get; } = new();

    public MlsClient Client { get; private set; }

    public SigningIdentity Identity { get; set; }

    /// <summary>The group; a device that is not yet in one has none.</summary>
    public Group Group { get; set; } = null!;

    public List<Parcel> Parcels { get; } = [];

    public List<Letter> Letters { get; } = [];

    public HashSet<string> Read { get; } = [];

    /// <summary>The process ends and another begins with what is stored.</summary>
    public void Restart()
    {
        byte[] groupId = Group.GroupId.ToArray();
        Client = NewClient(Store);
        Group = Group.TryLoad(Client, groupId) ?? throw new InvalidOperationException($"{Name} has no stored group.");
    }

    /// <summary>What tells this epoch from others; nothing for one that is no member any more.</summary>
    public string Authenticator => Group.Status == GroupStatus.Removed ? "" : Convert.ToHexString(Group.EpochAuthenticator);

    /// <summary>The same group loaded from a copy of the store, on another device that nobody knows of.</summary>
    public (Group Group, CuttableStore Store) Twin()
    {
        CuttableStore store = Store.Copy();
        return (Group.TryLoad(NewClient(store), Group.GroupId.Span) ?? throw new InvalidOperationException($"{Name} has no stored group."), store);
    }

    public override string ToString() => Name;

    private MlsClient NewClient(CuttableStore store) => new()
    {
        Authentication = new AcceptEveryone(),
        Store = store,
        Psks = _psks,
        Random = _dice.ForNewLife(),
        Extensions = [OwnExtension],
        Retention = Retention,
    };
}
