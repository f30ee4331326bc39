using Quicprochat.Crypto;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Groups;

/// <summary>Finds the pre-shared keys of a commit or Welcome and chains them (RFC 9420 §8.4).</summary>
internal static class PskLookup
{
    /// <summary>A key by its id; null when it is not there. The caller disposes it.</summary>
    public delegate Secret? Find(PreSharedKeyId id);

    public static MlsError? TryDerive(MlsCrypto crypto, IReadOnlyList<PreSharedKeyId> ids, Find find, out Secret? pskSecret)
    {
        pskSecret = null;
        if (ids.Count > ushort.MaxValue)
        {
            return Rule.Malformed; // RFC 9420 §8.4: the count is a uint16.
        }
        var psks = new List<(PreSharedKeyId Id, Secret Key)>(ids.Count);
        try
        {
            foreach (PreSharedKeyId id in ids)
            {
                if (find(id) is not { } key)
                {
                    return Rule.PskMissing; // RFC 9420 §12.4.2
                }
                psks.Add((id, key));
            }
            pskSecret = PskSecret.Derive(crypto, psks);
            return null;
        }
        finally
        {
            foreach ((_, Secret key) in psks)
            {
                key.Dispose();
            }
        }
    }
}
