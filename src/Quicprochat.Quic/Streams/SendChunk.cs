namespace Quicprochat.Quic.Streams;

/// <summary>A piece of a stream about to be sent. <paramref name="IsNew"/>: for the first time, so it needs connection credit.</summary>
internal readonly record struct SendChunk(long Offset, int Length, bool Fin, bool IsNew);
