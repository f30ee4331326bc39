namespace Quicprochat.Transport;

/// <summary>Which side of a stream to abort.</summary>
[Flags]
public enum QuicAbortDirection
{
    /// <summary>The reading side: the peer is asked to stop sending.</summary>
    Read = 1,

    /// <summary>The writing side: what was not delivered yet may be lost.</summary>
    Write = 2,

    /// <summary>Both.</summary>
    Both = Read | Write,
}
