using Quicprochat.Crypto.Aead;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic;

/// <summary>
/// Remembers address-validation tokens that have been used, so that each counts once (RFC 9000 §8.1.4). Two generations of bounded size:
/// when both are full the older is forgotten, and a token of it could be used again, which costs no more than a token that was never used.
/// </summary>
internal sealed class UsedTokens
{
    private const int GenerationSize = 16_384;

    private HashSet<ConnectionId> _newer = [];
    private HashSet<ConnectionId> _older = [];

    /// <summary>True for a token that was used.</summary>
    public bool Contains(ReadOnlySpan<byte> token)
    {
        ConnectionId tag = ConnectionId.From(token[^AeadKey.TagSize..]);
        return _older.Contains(tag) || _newer.Contains(tag);
    }

    /// <summary>True the first time a token is used.</summary>
    public bool TryUse(ReadOnlySpan<byte> token)
    {
        // Its last bytes are the AEAD's tag, which no two tokens share.
        ConnectionId tag = ConnectionId.From(token[^AeadKey.TagSize..]);
        if (_older.Contains(tag) || !_newer.Add(tag))
        {
            return false;
        }
        if (_newer.Count >= GenerationSize)
        {
            (_older, _newer) = (_newer, _older);
            _newer.Clear();
        }
        return true;
    }
}
