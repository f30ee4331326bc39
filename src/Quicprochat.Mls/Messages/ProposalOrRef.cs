using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// A proposal in a commit, by value or by reference (RFC 9420 §12.4):
/// <code>
/// struct {
///     ProposalOrRefType type;
///     select (ProposalOrRef.type) { case proposal: Proposal proposal; case reference: ProposalRef reference; };
/// } ProposalOrRef;
/// </code>
/// </summary>
/// <param name="Proposal">The proposal, where it is given by value.</param>
/// <param name="Reference">The hash of the message it was sent in, where it is not.</param>
internal readonly record struct ProposalOrRef(Proposal? Proposal, ReadOnlyMemory<byte> Reference)
{
    private const byte ByValue = 1;
    private const byte ByReference = 2;

    /// <summary>At least as long as it is when written.</summary>
    public int LengthMax => (Proposal?.Encoded.Length ?? Reference.Length) + 5;

    public static bool TryRead(ref Reader reader, out ProposalOrRef value)
    {
        value = default;
        if (!reader.TryReadByte(out byte type))
        {
            return false;
        }
        if (type == ByValue && Proposal.TryRead(ref reader, out Proposal? proposal))
        {
            value = new ProposalOrRef(proposal, default);
            return true;
        }
        if (type == ByReference && reader.TryReadVector(out ReadOnlyMemory<byte> reference))
        {
            value = new ProposalOrRef(null, reference);
            return true;
        }
        return false;
    }

    public void Write(ref Writer writer)
    {
        if (Proposal is not null)
        {
            writer.WriteByte(ByValue);
            Proposal.Write(ref writer);
        }
        else
        {
            writer.WriteByte(ByReference);
            writer.WriteVector(Reference);
        }
    }
}
