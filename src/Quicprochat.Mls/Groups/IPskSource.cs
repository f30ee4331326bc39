using Quicprochat.Crypto;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Groups;

/// <summary>Where pre-shared keys come from that the group does not have itself (RFC 9420 §8.4).</summary>
public interface IPskSource
{
    /// <summary>An external key by its id, or the resumption key of another group; null when there is none. The library disposes what it gets.</summary>
    Secret? Find(PreSharedKeyId psk);
}
