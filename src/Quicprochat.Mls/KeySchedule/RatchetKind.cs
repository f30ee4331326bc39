namespace Quicprochat.Mls.KeySchedule;

/// <summary>Which of a member's two ratchets (RFC 9420 §9).</summary>
internal enum RatchetKind : byte
{
    Handshake = 0,
    Application = 1,
}
