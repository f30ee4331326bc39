namespace Quicprochat.Sdk;

/// <summary>What is known of an account's key.</summary>
public enum KeyTrust
{
    /// <summary>No key of the account has been seen.</summary>
    Unknown,

    /// <summary>It is the key that was seen first, and nobody compared it.</summary>
    FirstSeen,

    /// <summary>The user compared the safety number.</summary>
    Verified,

    /// <summary>Another key than before has turned up. Nothing is sent to the account until the user accepts it.</summary>
    Changed,
}
