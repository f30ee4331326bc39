namespace Quicprochat.Mls.Messages;

/// <summary>
/// ReInit (RFC 9420 §12.1.5):
/// <c>struct { opaque group_id&lt;V&gt;; ProtocolVersion version; CipherSuite cipher_suite; Extension extensions&lt;V&gt;; } ReInit;</c>
/// </summary>
public sealed class ReInitProposal : Proposal
{
    internal ReInitProposal(
        ReadOnlyMemory<byte> groupId, ProtocolVersion version, ushort cipherSuite, IReadOnlyList<Extension> extensions, ReadOnlyMemory<byte> encoded)
        : base(ProposalType.ReInit, encoded)
    {
        GroupId = groupId;
        Version = version;
        CipherSuite = cipherSuite;
        Extensions = extensions;
    }

    /// <summary>The id of the group that follows.</summary>
    public ReadOnlyMemory<byte> GroupId { get; }

    /// <summary>Its version of MLS.</summary>
    public ProtocolVersion Version { get; }

    /// <summary>The code point of its cipher suite.</summary>
    public ushort CipherSuite { get; }

    /// <summary>Its extensions.</summary>
    public IReadOnlyList<Extension> Extensions { get; }
}
