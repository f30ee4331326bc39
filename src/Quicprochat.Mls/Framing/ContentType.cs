namespace Quicprochat.Mls.Framing;

/// <summary>What framed content is (RFC 9420 §6).</summary>
public enum ContentType : byte
{
    /// <summary>Not a type.</summary>
    Reserved = 0,

    /// <summary>The application's data.</summary>
    Application = 1,

    /// <summary>A proposal.</summary>
    Proposal = 2,

    /// <summary>A commit.</summary>
    Commit = 3,
}
