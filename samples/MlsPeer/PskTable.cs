using System.Collections.Immutable;
using Quicprochat.Crypto;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace MlsPeer;

/// <summary>
/// The external PSKs that were said. One that was said is owed to the group until a commit has carried it: the library asks for a secret
/// only when a commit or a Welcome names it, so being asked is how it is paid.
/// </summary>
internal sealed class PskTable : IPskSource
{
    private readonly Dictionary<string, byte[]> _secrets = [];

    public IEnumerable<(byte[] Id, byte[] Secret)> All => _secrets.Select(entry => (Convert.FromHexString(entry.Key), entry.Value));

    /// <summary>The ids the next commit proposes, as hex.</summary>
    public ImmutableList<string> Owed { get; set; } = [];

    public void Put(byte[] id, byte[] secret)
    {
        string key = Convert.ToHexString(id);
        _secrets[key] = secret;
        Owed = Owed.Remove(key).Add(key);
    }

    public Secret? Find(PreSharedKeyId psk)
    {
        string key = Convert.ToHexString(psk.Id.Span);
        if (psk.Type != PskType.External || !_secrets.TryGetValue(key, out byte[]? secret))
        {
            return null;
        }
        Owed = Owed.Remove(key);
        return Secret.Copy(secret);
    }
}
