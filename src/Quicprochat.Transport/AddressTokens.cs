using Quicprochat.Quic;

namespace Quicprochat.Transport;

/// <summary>
/// Tokens that servers gave for a later connection (RFC 9000 §8.1.3): each proves our address once and saves a Retry. The oldest goes when there are too many.
/// Of the loop's thread.
/// </summary>
internal sealed class AddressTokens(int capacity)
{
    private readonly Dictionary<(string Host, Address Remote), ReadOnlyMemory<byte>> _tokens = [];
    private readonly Queue<(string Host, Address Remote)> _order = new();

    public int Count => _tokens.Count;

    public void Put(string host, in Address remote, ReadOnlyMemory<byte> token)
    {
        (string Host, Address Remote) key = (host, remote);
        if (_tokens.TryAdd(key, token))
        {
            _order.Enqueue(key);
            while (_tokens.Count > capacity || _order.Count > 2 * capacity)
            {
                _tokens.Remove(_order.Dequeue());
            }
        }
        else
        {
            _tokens[key] = token;
        }
    }

    /// <summary>A token is for one connection: used twice, it would let an observer link the two.</summary>
    public ReadOnlyMemory<byte>? Take(string host, in Address remote) =>
        _tokens.Remove((host, remote), out ReadOnlyMemory<byte> token) ? token : default(ReadOnlyMemory<byte>?);

    /// <summary>After a change of the local address they would prove nothing, and tell the servers who it is that moved.</summary>
    public void Clear()
    {
        _tokens.Clear();
        _order.Clear();
    }
}
