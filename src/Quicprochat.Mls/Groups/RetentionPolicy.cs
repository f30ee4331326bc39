namespace Quicprochat.Mls.Groups;

/// <summary>What is kept for messages that come late, and how much of it (RFC 9420 §8.6, §15.3).</summary>
public sealed record RetentionPolicy
{
    /// <summary>Most past epochs whose application messages can still be read.</summary>
    public int PastEpochsMax { get; init; } = 3;

    /// <summary>Longest time a past epoch is kept, in seconds.</summary>
    public long PastEpochSecondsMax { get; init; } = 7 * 24 * 60 * 60;

    /// <summary>Most past epochs whose resumption PSK is kept.</summary>
    public int ResumptionPsksMax { get; init; } = 16;

    /// <summary>Most generations of one sender a message may be ahead.</summary>
    public int GenerationsAheadMax { get; init; } = 2000;

    /// <summary>Most keys of one sender that are kept for messages passed over.</summary>
    public int SkippedKeysMax { get; init; } = 1000;

    /// <summary>Most messages of epochs to come that are held.</summary>
    public int HeldMessagesMax { get; init; } = 256;

    /// <summary>Most bytes of messages of epochs to come that are held.</summary>
    public int HeldBytesMax { get; init; } = 4 * 1024 * 1024;
}
