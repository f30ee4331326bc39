using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Mls.Tests;

/// <summary>One person with one device.</summary>
internal sealed class Party
{
    public const long Now = 1_800_000_000;

    private Group? _group;

    private Party(string name, MlsClient client, SigningIdentity identity, Trust trust, FlakyStore store)
    {
        Name = name;
        Client = client;
        Identity = identity;
        Trust = trust;
        Store = store;
    }

    public string Name { get; }

    public MlsClient Client { get; }

    public SigningIdentity Identity { get; }

    public Trust Trust { get; }

    public FlakyStore Store { get; }

    public Group Group
    {
        get => _group ?? throw new InvalidOperationException($"{Name} is in no group.");
        set => _group = value;
    }

    public static Party Create(string name, CipherSuite? suite = null, Func<Options, Options>? change = null)
    {
        Options options = (change ?? (static same => same))(new Options());
        var trust = new Trust();
        var store = new FlakyStore();
        var client = new MlsClient
        {
            Authentication = trust,
            Store = store,
            CipherSuites = options.CipherSuites,
            HandshakeFormat = options.Format,
            Psks = options.Psks,
            Extensions = options.Extensions,
            Proposals = options.Proposals,
            Credentials = options.Credentials,
            Grease = options.Grease,
            PaddingStep = options.PaddingStep,
            Lifetimes = options.Lifetimes,
            Retention = options.Retention,
        };
        Credential credential = options.Credential ?? Credential.Basic(name);
        return new Party(name, client, client.CreateIdentity(credential, suite ?? CipherSuite.X25519Aes128GcmSha256Ed25519), trust, store);
    }

    public KeyPackage NewKeyPackage(KeyPackageOptions? options = null) => Client.CreateKeyPackage(Identity, Now, options);

    /// <summary>The group as it comes back from the store.</summary>
    public Group Reload() => Group = Group.TryLoad(Client, Group.GroupId.Span) ?? throw new InvalidOperationException("The group is not in the store.");

    internal sealed record Options
    {
        public CipherSuites CipherSuites { get; init; } = CipherSuites.All;

        public WireFormat Format { get; init; } = WireFormat.PrivateMessage;

        public ExternalPsks? Psks { get; init; }

        public IReadOnlyList<ExtensionType> Extensions { get; init; } = [];

        public IReadOnlyList<ProposalType> Proposals { get; init; } = [];

        public IReadOnlyList<CredentialType> Credentials { get; init; } = [CredentialType.Basic, CredentialType.X509];

        public Credential? Credential { get; init; }

        public bool Grease { get; init; } = true;

        public int PaddingStep { get; init; }

        public LifetimePolicy Lifetimes { get; init; } = new();

        public RetentionPolicy Retention { get; init; } = new();
    }
}
