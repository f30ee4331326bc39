namespace Quicprochat.Quic.Streams;

/// <summary>Events of one stream that the application has not been told yet.</summary>
[Flags]
internal enum StreamEvents : byte
{
    None = 0,
    Stopped = 1,
    Readable = 2,
    Writable = 4,
    SendFinished = 8,
}
