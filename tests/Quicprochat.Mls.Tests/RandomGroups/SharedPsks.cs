using Quicprochat.Crypto;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests.RandomGroups;

/// <summary>External pre-shared keys that every device knows.</summary>
internal sealed class SharedPsks : IPskSource
{
    private readonly Dictionary<string, byte[]> _secrets = [];

    public void Put(byte[] id, byte[] secret) => _secrets[Convert.ToHexString(id)] = secret;

    public Secret? Find(PreSharedKeyId psk) =>
        psk.Type == PskType.External && _secrets.TryGetValue(Convert.ToHexString(psk.Id.Span), out byte[]? secret) ? Secret.Copy(secret) : null;
}
