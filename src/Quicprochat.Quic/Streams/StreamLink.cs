namespace Quicprochat.Quic.Streams;

/// <summary>A stream's place in one queue.</summary>
internal struct StreamLink
{
    public StreamEntry? Previous;
    public StreamEntry? Next;
    public bool IsQueued;
}
