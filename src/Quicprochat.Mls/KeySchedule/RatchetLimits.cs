namespace Quicprochat.Mls.KeySchedule;

/// <summary>How far a ratchet follows a sender (RFC 9420 §15.3).</summary>
/// <param name="GenerationsAheadMax">Most generations a message may be ahead.</param>
/// <param name="SkippedMax">Most keys of generations that were passed over.</param>
internal readonly record struct RatchetLimits(uint GenerationsAheadMax, uint SkippedMax);
