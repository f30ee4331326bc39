using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Quicprochat.Mls.Credentials;

namespace Quicprochat.Sdk.Identity;

/// <summary>
/// MLS asks here who may be in a group (RFC 9420 §5.3.1). The answer is a function of the bytes and of the group alone: were it to depend on what one client knows or on its
/// clock, members would disagree about which commits are valid. What a client knows (a key that is another than before, a device that was revoked) leads to actions instead.
/// </summary>
internal sealed class MemberDirectory : IAuthenticationService
{
    private const int CacheMax = 4096;

    private readonly ConcurrentDictionary<string, VerifiedMember> _cache = new(StringComparer.Ordinal);

    /// <summary>Who a credential names; false when it does not hold.</summary>
    public bool TryIdentify(Credential credential, [NotNullWhen(true)] out VerifiedMember? member)
    {
        string name = Convert.ToHexString(SHA256.HashData(credential.Encoded.Span));
        if (_cache.TryGetValue(name, out member))
        {
            return true;
        }
        if (!VerifiedMember.TryRead(credential, out member))
        {
            return false;
        }
        if (_cache.Count >= CacheMax)
        {
            _cache.Clear();
        }
        _cache[name] = member;
        return true;
    }

    /// <inheritdoc/>
    public bool Accept(CredentialCheck check)
    {
        if (check.Place == CredentialPlace.ExternalSender || !TryIdentify(check.Credential, out VerifiedMember? member))
        {
            return false;
        }
        bool bound = member.LeafKey.Span.SequenceEqual(check.SignatureKey.Span)
            && (check.LeafNode is null || check.LeafNode.Capabilities.CipherSuites.Any(suite => suite == member.CipherSuite));
        return bound && (check.Replaced is null || (TryIdentify(check.Replaced.Credential, out VerifiedMember? replaced) && member.IsSameDevice(replaced)));
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Identify(Credential credential) =>
        TryIdentify(credential, out VerifiedMember? member) ? Encoding.UTF8.GetBytes($"{member.Account}/{member.Device}") : credential.Encoded;
}
