namespace Quicprochat.Mls.Framing;

/// <summary>What an MLSMessage holds (RFC 9420 §17.2).</summary>
public enum WireFormat : ushort
{
    /// <summary>Not a format.</summary>
    Reserved = 0,

    /// <summary>Signed, not encrypted.</summary>
    PublicMessage = 1,

    /// <summary>Signed and encrypted.</summary>
    PrivateMessage = 2,

    /// <summary>Lets new members in.</summary>
    Welcome = 3,

    /// <summary>Describes a group to a joiner.</summary>
    GroupInfo = 4,

    /// <summary>Describes a client to those who would add it.</summary>
    KeyPackage = 5,
}
