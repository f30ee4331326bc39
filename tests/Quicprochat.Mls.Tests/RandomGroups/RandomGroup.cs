using System.Globalization;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests.RandomGroups;

/// <summary>
/// A group that lives a random life, told by its seed: members come and go in every way there is, commits race, messages arrive late, twice and in
/// disorder, stores fail, processes restart. After every epoch those who are in it agree on its authenticator, and those who are out do not know it.
/// Split by concern: what is done, how it is delivered, what must hold.
/// </summary>
internal sealed partial class RandomGroup
{
    private static readonly CipherSuite[] Suites =
    [
        CipherSuite.X25519Aes128GcmSha256Ed25519,
        CipherSuite.X25519Aes128GcmSha256Ed25519,
        CipherSuite.X25519ChaCha20Poly1305Sha256Ed25519,
        CipherSuite.P256Aes128GcmSha256P256,
        CipherSuite.MlKem768X25519Aes256GcmSha384Ed25519,
    ];

    private readonly int _seed;
    private readonly int _membersMax;
    private readonly int _operations;
    private readonly Random _random;
    private readonly Dice _dice;
    private readonly SharedPsks _psks = new();
    private readonly List<Device> _members = [];
    private readonly List<Device> _gone = [];
    private readonly Dictionary<ulong, string> _authenticators = [];
    private readonly List<(int Weight, string Name, Action Act)> _acts;
    private readonly List<string> _told = [];

    private CipherSuite _suite;
    private long _now = 1_800_000_000;
    private int _devices;
    private int _letters;

    public RandomGroup(int seed, int membersMax, int operations)
    {
        _seed = seed;
        _membersMax = membersMax;
        _operations = operations;
        _random = new Random(seed);
        _dice = new Dice(seed);
        _suite = Suites[_random.Next(Suites.Length)];
        _acts =
        [
            (14, "add", AddByValue),
            (10, "update", UpdateByCommit),
            (6, "remove", RemoveByValue),
            (16, "propose", ProposeAndCommit),
            (6, "external", JoinExternally),
            (4, "resync", Resync),
            (6, "psk", MixInPreSharedKeys),
            (4, "extensions", ChangeExtensions),
            (6, "race", Race),
            (4, "identity", ChangeIdentity),
            (4, "ask to join", AskToJoin),
            (20, "chat", Chat),
            (6, "restart", RestartSome),
            (8, "crash", Crash),
            (2, "branch", BranchOff),
            (1, "reinit", StartOver),
        ];
    }

    /// <summary>The epochs that passed.</summary>
    public int Epochs => _told.Count(static line => line.Contains('→'));

    public void Run()
    {
        try
        {
            Create();
            for (int i = 0; i < _operations; i++)
            {
                _now += _random.Next(60);
                (string name, Action act) = Choose();
                _told.Add(string.Create(CultureInfo.InvariantCulture, $"{i}: {name} ({_members.Count} members, epoch {Epoch})"));
                act();
            }
            Settle();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"seed {_seed} ({_suite}) failed: {failure.Message}\nlast steps:\n{string.Join('\n', _told.TakeLast(12))}", failure);
        }
    }

    private ulong Epoch => _members.Max(static member => member.Group.Epoch);

    private (string Name, Action Act) Choose()
    {
        int ticket = _random.Next(_acts.Sum(static act => act.Weight));
        foreach ((int weight, string name, Action act) in _acts)
        {
            ticket -= weight;
            if (ticket < 0)
            {
                return (name, act);
            }
        }
        throw new InvalidOperationException("The weights do not add up.");
    }

    private bool OneIn(int times) => _random.Next(times) == 0;

    private T Any<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    private List<T> Some<T>(IEnumerable<T> items, int most)
    {
        List<T> all = [.. items];
        T[] shuffled = [.. all];
        _random.Shuffle(shuffled);
        return [.. shuffled.Take(Math.Min(most, shuffled.Length))];
    }

    private Device NewDevice()
    {
        _devices++;
        return new Device($"device {_devices}", _suite, _dice, _psks);
    }

    private List<Device> NewDevices(int most)
    {
        int room = Math.Max(0, Math.Min(most, _membersMax - _members.Count));
        return [.. Enumerable.Range(0, room).Select(_ => NewDevice())];
    }

    /// <summary>A member that has caught up, so that what it sends is of the present epoch.</summary>
    private Device AnyPresentMember()
    {
        Device member = Any(_members);
        CatchUp(member);
        return member;
    }

    private KeyPackage NewKeyPackage(Device device) => device.Client.CreateKeyPackage(device.Identity, _now);

    private byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }
}
