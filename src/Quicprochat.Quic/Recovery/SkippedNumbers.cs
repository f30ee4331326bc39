using System.Runtime.CompilerServices;

namespace Quicprochat.Quic.Recovery;

/// <summary>The packet numbers skipped last; an acknowledgement of one proves a peer that acknowledges what it never saw (RFC 9000 §21.4).</summary>
[InlineArray(Capacity)]
internal struct SkippedNumbers
{
    /// <summary>How many are remembered.</summary>
    public const int Capacity = 8;

    private long _first;
}
