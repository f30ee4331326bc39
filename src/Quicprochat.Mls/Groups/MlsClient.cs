using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Quicprochat.Crypto;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Mls.Groups;

/// <summary>
/// A client of RFC 9420: what it supports, whom it trusts, where it keeps its groups, and where its randomness comes from.
/// It never changes, and all groups of a device share one. Its groups are not safe for use by several threads at once.
/// </summary>
public sealed class MlsClient
{
    private readonly ConcurrentDictionary<CipherSuite, MlsCrypto> _cryptos = new();

    /// <summary>Judges credentials.</summary>
    public required IAuthenticationService Authentication { get; init; }

    /// <summary>Keeps groups and the private halves of key packages.</summary>
    public IGroupStore Store { get; init; } = new MemoryGroupStore();

    /// <summary>Computes.</summary>
    public CryptoProvider Provider { get; init; } = CryptoProvider.Default;

    /// <summary>The cipher suites offered, most wanted first.</summary>
    public CipherSuites CipherSuites { get; init; } = CipherSuites.All;

    /// <summary>Draws.</summary>
    public IRandomSource Random { get; init; } = SystemRandomSource.Instance;

    /// <summary>Finds pre-shared keys the groups do not have themselves; null when there are none.</summary>
    public IPskSource? Psks { get; init; }

    /// <summary>Extension types the application supports beyond those of RFC 9420.</summary>
    public IReadOnlyList<ExtensionType> Extensions { get; init; } = [];

    /// <summary>Proposal types the application supports beyond those of RFC 9420.</summary>
    public IReadOnlyList<ProposalType> Proposals { get; init; } = [];

    /// <summary>Credential types the application can judge.</summary>
    public IReadOnlyList<CredentialType> Credentials { get; init; } = [CredentialType.Basic, CredentialType.X509];

    /// <summary>Whether reserved values are sent, to keep others tolerant (RFC 9420 §13.5).</summary>
    public bool Grease { get; init; } = true;

    /// <summary>How proposals and commits are sent unless a call says otherwise.</summary>
    public WireFormat HandshakeFormat { get; init; } = WireFormat.PrivateMessage;

    /// <summary>Encrypted messages are padded until their content is a multiple of this many bytes; 0 and 1 do not pad.</summary>
    public int PaddingStep { get; init; }

    /// <summary>How long key packages are good.</summary>
    public LifetimePolicy Lifetimes { get; init; } = new();

    /// <summary>What is kept for messages that come late.</summary>
    public RetentionPolicy Retention { get; init; } = new();

    /// <summary>An identity with a key pair of its own, for the most wanted cipher suite unless another is named.</summary>
    public SigningIdentity CreateIdentity(Credential credential, CipherSuite? cipherSuite = null) =>
        SigningIdentity.Generate(cipherSuite ?? CipherSuites.Default, credential, Provider, Random);

    /// <summary>A key package to publish. Its private half goes to the store and stays there until it is used.</summary>
    /// <param name="identity">Whose it is; it also decides the cipher suite.</param>
    /// <param name="nowSeconds">The present time, in seconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="options">What may be different about it.</param>
    public KeyPackage CreateKeyPackage(SigningIdentity identity, long nowSeconds, KeyPackageOptions? options = null)
    {
        options ??= new KeyPackageOptions();
        MlsCrypto crypto = Crypto(identity.CipherSuite);
        (Secret initKey, byte[] initPublic) = crypto.GenerateKeyPair(Random);
        (Secret leafKey, byte[] leafPublic) = crypto.GenerateKeyPair(Random);
        using (initKey)
        using (leafKey)
        {
            List<Extension> extensions = [.. options.Extensions];
            if (options.LastResort)
            {
                extensions.Add(new Extension(ExtensionType.LastResort, default));
            }
            if (Grease)
            {
                extensions.Add(Messages.Grease.DrawExtension(Random));
            }
            LeafNodeFields fields = MakeLeaf(identity, leafPublic, options.LeafExtensions, extensions) with
            {
                Lifetime = options.Lifetime ?? NewLifetime(nowSeconds),
            };
            LeafNode leaf = LeafNode.Sign(fields, crypto, identity.PrivateKey.Span, default, 0);
            KeyPackage keyPackage = KeyPackage.Sign(crypto, initPublic, leaf, extensions, identity.PrivateKey.Span);
            MlsException.ThrowIf(extensions.HasDuplicates() ? Rule.DuplicateExtension : null);
            using var secrets = new KeyPackageSecrets(keyPackage, initKey.Clone(), leafKey.Clone(), identity.PrivateKey.Clone());
            var records = new RecordSet(default);
            secrets.Put(records, crypto);
            Store.Apply(new GroupChanges { GroupId = default, Records = records.Changes });
            return keyPackage;
        }
    }

    /// <summary>Deletes the private half of a key package that is not to be used any more.</summary>
    public void ForgetKeyPackage(KeyPackage keyPackage)
    {
        if (CipherSuites.TryFind(keyPackage.CipherSuite, out CipherSuite? suite))
        {
            var records = new RecordSet(default);
            records.Delete(RecordKey.KeyPackage(keyPackage.ComputeReference(Crypto(suite))));
            Store.Apply(new GroupChanges { GroupId = default, Records = records.Changes });
        }
    }

    internal MlsCrypto Crypto(CipherSuite suite) => _cryptos.GetOrAdd(suite, static (key, provider) => new MlsCrypto(key, provider), Provider);

    internal bool TryFindCrypto(ushort suite, [NotNullWhen(true)] out MlsCrypto? crypto)
    {
        crypto = CipherSuites.TryFind(suite, out CipherSuite? found) ? Crypto(found) : null;
        return crypto is not null;
    }

    /// <summary>True when this client supports an extension of a group it would be in.</summary>
    internal bool Supports(ExtensionType type) => Capabilities.IsDefault(type) || Extensions.Contains(type);

    /// <summary>A leaf for a key package: what it says of the client, with reserved values strewn in.</summary>
    internal LeafNodeFields MakeLeaf(
        SigningIdentity identity, ReadOnlyMemory<byte> encryptionKey, IReadOnlyList<Extension> leafExtensions, IReadOnlyList<Extension> keyPackageExtensions)
    {
        var extensions = new List<Extension>(leafExtensions);
        var listed = new List<ExtensionType> { ExtensionType.LastResort };
        listed.AddRange(Extensions);
        var suites = CipherSuites.Items.Select(static suite => suite.Id).ToList();
        var proposals = Proposals.ToList();
        var credentials = Credentials.ToList();
        if (Grease)
        {
            suites.Add(Messages.Grease.Draw(Random));
            proposals.Add((ProposalType)Messages.Grease.Draw(Random));
            credentials.Add((CredentialType)Messages.Grease.Draw(Random));
            extensions.Add(Messages.Grease.DrawExtension(Random));
        }

        // RFC 9420 §10: what is in the extensions is listed in the capabilities.
        foreach (Extension extension in extensions.Concat(keyPackageExtensions))
        {
            if (!Capabilities.IsDefault(extension.Type) && !listed.Contains(extension.Type))
            {
                listed.Add(extension.Type);
            }
        }
        return new LeafNodeFields
        {
            EncryptionKey = encryptionKey,
            SignatureKey = identity.SignatureKey,
            Credential = identity.Credential,
            Capabilities = new Capabilities
            {
                Versions = [ProtocolVersion.Mls10],
                CipherSuites = suites,
                Extensions = listed,
                Proposals = proposals,
                Credentials = credentials,
            },
            Source = LeafNodeSource.KeyPackage,
            Extensions = extensions,
        };
    }

    internal Lifetime NewLifetime(long nowSeconds)
    {
        ulong now = (ulong)Math.Max(0, nowSeconds);
        ulong start = now - Math.Min(now, Lifetimes.SkewSeconds);
        return new Lifetime(start, start + Lifetimes.KeyPackageSeconds);
    }
}
