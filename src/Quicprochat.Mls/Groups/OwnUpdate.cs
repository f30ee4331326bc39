using Quicprochat.Crypto;
using Quicprochat.Mls.Credentials;

namespace Quicprochat.Mls.Groups;

/// <summary>The private half of an Update this member proposed. An epoch that it is committed in has copies of its own.</summary>
/// <param name="EncryptionKey">The private key of the new leaf.</param>
/// <param name="Identity">The identity of the new leaf, where that changes.</param>
internal sealed record OwnUpdate(Secret EncryptionKey, SigningIdentity? Identity) : IDisposable
{
    public void Dispose()
    {
        EncryptionKey.Dispose();
        Identity?.Dispose();
    }
}
