namespace Quicprochat.Quic;

/// <summary>How a connection ended.</summary>
/// <param name="Kind">Who ended it, and by what.</param>
/// <param name="Code">The application's code for the two application kinds, otherwise a <see cref="TransportErrorCode"/>.</param>
/// <param name="FrameType">The frame type named in a transport close, otherwise 0.</param>
/// <param name="Reason">The reason phrase; the peer's own words when the peer closed.</param>
public sealed record ConnectionClose(CloseKind Kind, long Code, long FrameType, string Reason);
