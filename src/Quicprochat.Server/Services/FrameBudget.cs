using Quicprochat.Rpc.Framing;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>
/// How much still fits into one frame. The store bounds its pages by payloads; what else goes with them, an entry's body above all, is written by clients, who must not make a page that nobody can be sent.
/// </summary>
internal struct FrameBudget
{
    // Hashes, ids, names and lengths beside the bytes that are counted.
    private const int Overhead = 1024;

    private int _used;

    /// <summary>Takes room for a log entry; false when it has to wait for the next frame. The first one always fits.</summary>
    public bool TryTake(StoredEntry entry) => TryTake(SizeOf(entry));

    /// <summary>Takes room for an envelope.</summary>
    public bool TryTake(in StoredEnvelope envelope) => TryTake(envelope.Message.Payload.Bytes.Length + (envelope.Message.Entry is { } entry ? SizeOf(entry) : 0));

    /// <summary>Takes room for some bytes and what names them.</summary>
    public bool TryTake(int bytes)
    {
        int after = _used + bytes + Overhead;
        if (_used > 0 && after > FrameLimits.PayloadMax)
        {
            return false;
        }
        _used = after;
        return true;
    }

    private static int SizeOf(StoredEntry entry) => entry.Body.Length + entry.Commit.Bytes.Length;
}
