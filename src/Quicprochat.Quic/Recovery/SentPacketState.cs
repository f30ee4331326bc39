namespace Quicprochat.Quic.Recovery;

/// <summary>Where a packet of the log stands.</summary>
internal enum SentPacketState : byte
{
    Outstanding,
    Acked,

    /// <summary>Lost, or not worth remembering any more.</summary>
    Gone,
}
