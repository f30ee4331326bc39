namespace Quicprochat.Quic.Paths;

/// <summary>
/// Answers owed to PATH_CHALLENGE frames, each on the path its challenge came by (RFC 9000 §8.2.2). A flood of challenges pushes the oldest out:
/// memory stays bounded (quic-go CVE-2023-49295 and its kin).
/// </summary>
internal sealed class PathResponses
{
    private const int Capacity = 8;

    private readonly List<Owed> _owed = [];

    /// <param name="Path">Where the challenge came from.</param>
    /// <param name="Data">What it held.</param>
    /// <param name="Budget">Bytes the answer may have: three times the challenge's datagram while the address is not validated.</param>
    internal readonly record struct Owed(NetworkPath Path, ulong Data, int Budget);

    /// <summary>True when an answer waits.</summary>
    public bool Any => _owed.Count > 0;

    /// <summary>
    /// Remembers a challenge. One answer waits for an address at a time, the newest: several challenges in one datagram must not have
    /// several times its budget (RFC 9000 §8.2.2).
    /// </summary>
    public void Add(in Owed owed)
    {
        Address remote = owed.Path.Remote;
        _owed.RemoveAll(waiting => waiting.Path.Remote == remote);
        if (_owed.Count == Capacity)
        {
            _owed.RemoveAt(0);
        }
        _owed.Add(owed);
    }

    /// <summary>The oldest answer owed.</summary>
    public bool TryTake(out Owed owed)
    {
        if (_owed.Count == 0)
        {
            owed = default;
            return false;
        }
        owed = _owed[0];
        _owed.RemoveAt(0);
        return true;
    }
}
