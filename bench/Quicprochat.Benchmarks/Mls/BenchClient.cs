using Quicprochat.Mls;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Benchmarks.Mls;

/// <summary>A member to measure: handshakes as PublicMessage, as the figures of other libraries are, and a store in memory, since saving is a part of what every call costs.</summary>
internal sealed class BenchClient
{
    public const long Now = 1_800_000_000;

    private readonly SigningIdentity _identity;

    public BenchClient(CipherSuite suite, string name, MemoryGroupStore? store = null)
    {
        Store = store ?? new MemoryGroupStore();
        Client = new MlsClient { Authentication = new AcceptEveryone(), Store = Store, Grease = false, HandshakeFormat = WireFormat.PublicMessage };
        _identity = Client.CreateIdentity(Credential.Basic(name), suite);
    }

    public MemoryGroupStore Store { get; }

    public MlsClient Client { get; }

    public KeyPackage NewKeyPackage() => Client.CreateKeyPackage(_identity, Now);

    public Group Create() => Group.Create(Client, _identity, Now);

    public Group Join(ReadOnlyMemory<byte> welcome) => Group.Join(Client, welcome.Span, Now);

    /// <summary>The same store again, so that one message can be processed more than once.</summary>
    public static MemoryGroupStore Copy(MemoryGroupStore store)
    {
        var copy = new MemoryGroupStore();
        copy.Apply(new GroupChanges { GroupId = default, Records = [.. store.ReadRange([]).Select(static record => new RecordChange(record.Key, record.Value))] });
        return copy;
    }
}
