using Quicprochat.Crypto;
using Quicprochat.Mls.KeySchedule;

namespace Quicprochat.Mls.Tree;

/// <summary>A chain of path secrets and the key pairs they yield (RFC 9420 §7.4), from one node of a filtered direct path up.</summary>
internal sealed class PathSecrets : IDisposable
{
    private readonly List<Secret> _secrets = [];
    private bool _given;

    private PathSecrets(Secret commitSecret) => CommitSecret = commitSecret;

    /// <summary>The path secrets, lowest node first.</summary>
    public IReadOnlyList<Secret> Secrets => _secrets;

    private Secret[] PrivateKeys { get; init; } = [];

    /// <summary>The public keys, lowest node first.</summary>
    public IReadOnlyList<byte[]> PublicKeys { get; private init; } = [];

    /// <summary>One step past the last path secret (RFC 9420 §12.4.1).</summary>
    public Secret CommitSecret { get; }

    /// <summary>Derives <paramref name="count"/> nodes from the lowest one's secret; with none, the secret itself is one step short of the commit secret.</summary>
    public static PathSecrets Derive(MlsCrypto crypto, Secret first, int count)
    {
        var secrets = new List<Secret>(count);
        var privateKeys = new Secret[count];
        var publicKeys = new byte[count][];
        Secret secret = first.Clone();
        for (int i = 0; i < count; i++)
        {
            using Secret nodeSecret = crypto.DeriveSecret(secret.Span, "node");
            (privateKeys[i], publicKeys[i]) = crypto.DeriveKeyPair(nodeSecret);
            secrets.Add(secret);
            secret = crypto.DeriveSecret(secret.Span, "path");
        }
        var path = new PathSecrets(secret) { PrivateKeys = privateKeys, PublicKeys = publicKeys };
        path._secrets.AddRange(secrets);
        return path;
    }

    /// <summary>Puts the private keys, lowest first, in their places among a member's own, which own them from then on.</summary>
    public PrivateKeys GiveKeys(PrivateKeys own, IEnumerable<int> levels)
    {
        foreach ((int level, Secret key) in levels.Zip(PrivateKeys))
        {
            own = own.With(level, key);
        }
        _given = true;
        return own;
    }

    /// <summary>Zeroes the path secrets and the commit secret, and the private keys unless they were given away.</summary>
    public void Dispose()
    {
        foreach (Secret key in _given ? [] : PrivateKeys)
        {
            key.Dispose();
        }
        foreach (Secret secret in _secrets)
        {
            secret.Dispose();
        }
        CommitSecret.Dispose();
    }
}
