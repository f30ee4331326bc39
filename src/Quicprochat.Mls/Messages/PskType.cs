namespace Quicprochat.Mls.Messages;

/// <summary>Where a pre-shared key comes from (RFC 9420 §8.4).</summary>
public enum PskType : byte
{
    /// <summary>Not a type.</summary>
    Reserved = 0,

    /// <summary>The application has it.</summary>
    External = 1,

    /// <summary>An epoch of some group yielded it.</summary>
    Resumption = 2,
}
