namespace Quicprochat.Mls;

/// <summary>A version of MLS (RFC 9420 §6). Unknown values are kept.</summary>
public enum ProtocolVersion : ushort
{
    /// <summary>Not a version.</summary>
    Reserved = 0,

    /// <summary>MLS 1.0, RFC 9420.</summary>
    Mls10 = 1,
}
