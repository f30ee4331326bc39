using Quicprochat.Crypto;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests;

internal sealed class ExternalPsks : IPskSource
{
    public Dictionary<string, byte[]> Keys { get; } = [];

    public Secret? Find(PreSharedKeyId psk) =>
        psk.Type == PskType.External && Keys.TryGetValue(Convert.ToHexString(psk.Id.Span), out byte[]? key) ? Secret.Copy(key) : null;
}
