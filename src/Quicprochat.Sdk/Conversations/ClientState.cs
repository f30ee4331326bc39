using Microsoft.Extensions.Logging;
using Quicprochat.Mls;
using Quicprochat.Mls.Groups;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Messages;
using Quicprochat.Sdk.Session;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Tables;
using Quicprochat.Sdk.Sync;

namespace Quicprochat.Sdk.Conversations;

/// <summary>
/// What a client holds. Groups and conversations are touched only in functions handed to the store, which runs them one after the other on its thread: so no two callers
/// are ever inside MLS at once, and what memory holds and what is on disk change together.
/// </summary>
internal sealed class ClientState
{
    public ClientState(QpcClientOptions options, LocalStore store, Profile profile)
    {
        Options = options;
        Store = store;
        Profile = profile;
        Logger = options.LoggerFactory.CreateLogger("Quicprochat.Sdk");
        Events = new EventHub(options.EventsMax);
        Ids = new MessageIdSource(options.TimeProvider, options.Random);
        Mls = new MlsClient
        {
            Authentication = Directory,
            Store = store.Groups,
            Random = options.Random,
            CipherSuites = Suites,
            Credentials = [VerifiedMember.CredentialType],
            Extensions = [Wire.ConversationInfoExtension],
            Retention = Retention,
        };
        Groups = new GroupCache(Mls);
        Conversations = new ConversationBook(this);
        Contacts = new ContactBook(this);
    }

    /// <summary>Suites whose signatures are Ed25519, the hybrid first.</summary>
    public static CipherSuites Suites { get; } = CipherSuites.Of(
        CipherSuite.MlKem768X25519Aes256GcmSha384Ed25519,
        CipherSuite.MlKem768X25519Aes128GcmSha256Ed25519,
        CipherSuite.X25519Aes128GcmSha256Ed25519,
        CipherSuite.X25519ChaCha20Poly1305Sha256Ed25519);

    /// <summary>The server takes messages of up to five epochs back, so they can be read.</summary>
    public static RetentionPolicy Retention { get; } = new() { PastEpochsMax = 6 };

    public QpcClientOptions Options { get; }

    public LocalStore Store { get; }

    public Profile Profile { get; }

    public ILogger Logger { get; }

    public EventHub Events { get; }

    public MessageIdSource Ids { get; }

    public MemberDirectory Directory { get; } = new();

    public MlsClient Mls { get; }

    public GroupCache Groups { get; }

    public ConversationBook Conversations { get; }

    public ContactBook Contacts { get; }

    /// <summary>The parts that work with it; set once, when the client is put together.</summary>
    public ClientParts Parts { get; set; } = null!;

    public DeviceIdentity Device => Profile.Device;

    public long NowMs => Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    public long NowSeconds => Options.TimeProvider.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Raises an event about a conversation once the transaction is on disk.</summary>
    public void RaiseAfter(StoreTransaction transaction, ConversationState state, Func<Conversation, ClientEvent> make)
    {
        ConversationId id = state.Id;
        transaction.OnCommit(() =>
        {
            if (Conversations.Show(id) is { } conversation)
            {
                Events.Raise(make(conversation));
            }
        });
    }

    /// <summary>Starts work that belongs to nobody's call, where the client's work runs.</summary>
    public Task RunAsync(Func<Task> work) => CallerContext.RunAsync(Options.Home, work);

    /// <summary>A number from 0 up to 1.</summary>
    public double NextDouble()
    {
        Span<byte> bytes = stackalloc byte[4];
        Options.Random.Fill(bytes);
        return BitConverter.ToUInt32(bytes) / (uint.MaxValue + 1.0);
    }
}
