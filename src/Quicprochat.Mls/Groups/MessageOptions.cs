using Quicprochat.Mls.Framing;

namespace Quicprochat.Mls.Groups;

/// <summary>What may be different about one message.</summary>
public sealed record MessageOptions
{
    /// <summary>Data sent along, in the clear and authenticated (RFC 9420 §6.3.1).</summary>
    public ReadOnlyMemory<byte> AuthenticatedData { get; init; }

    /// <summary>Zero bytes to pad an encrypted message with; as the client's step says when null.</summary>
    public int? Padding { get; init; }

    /// <summary>How a proposal or commit is sent; as the client says when null. Application data is always encrypted.</summary>
    public WireFormat? Format { get; init; }
}
