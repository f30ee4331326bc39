using System.Runtime.CompilerServices;

namespace Quicprochat.Quic.Streams;

/// <summary>A stream's places in all queues, by <see cref="StreamQueueKind"/>.</summary>
[InlineArray(4)]
internal struct StreamLinks
{
    private StreamLink _first;
}
