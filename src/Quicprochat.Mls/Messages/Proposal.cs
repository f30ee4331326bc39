using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// A change that is asked for (RFC 9420 §12.1):
/// <code>struct { ProposalType proposal_type; select (Proposal.proposal_type) { … }; } Proposal;</code>
/// A proposal of a type this library does not know is read as one <c>opaque</c> vector and kept.
/// </summary>
public abstract class Proposal
{
    private protected Proposal(ProposalType type, ReadOnlyMemory<byte> encoded)
    {
        Type = type;
        Encoded = encoded;
    }

    /// <summary>What it asks for.</summary>
    public ProposalType Type { get; }

    /// <summary>The bytes it was read from.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>Asks that the owner of <paramref name="keyPackage"/> become a member (RFC 9420 §12.1.1).</summary>
    public static Proposal Add(KeyPackage keyPackage) => Make(ProposalType.Add, keyPackage, static (ref writer, item) => item.Write(ref writer));

    /// <summary>Asks that the member at <paramref name="leafIndex"/> be removed (RFC 9420 §12.1.3).</summary>
    public static Proposal Remove(uint leafIndex) => Make(ProposalType.Remove, leafIndex, static (ref writer, item) => writer.WriteUInt32(item));

    /// <summary>Asks that the extensions of the group be replaced by these (RFC 9420 §12.1.7).</summary>
    public static Proposal GroupContextExtensions(IReadOnlyList<Extension> extensions) =>
        Make(ProposalType.GroupContextExtensions, extensions, static (ref writer, item) => item.Write(ref writer));

    /// <summary>Asks that the group start over with other parameters (RFC 9420 §12.1.5).</summary>
    public static Proposal ReInit(ReadOnlyMemory<byte> groupId, CipherSuite cipherSuite, IReadOnlyList<Extension> extensions) =>
        ReInit(groupId, ProtocolVersion.Mls10, cipherSuite.Id, extensions);

    /// <summary>A proposal of an application's own type, 0xF000 to 0xFFFF, which every member must support (RFC 9420 §13.2).</summary>
    public static Proposal Custom(ProposalType type, ReadOnlyMemory<byte> content) =>
        Capabilities.IsDefault(type)
            ? throw new ArgumentException("The type is one of RFC 9420.", nameof(type))
            : Make(type, content, static (ref writer, item) => writer.WriteVector(item));

    internal static Proposal ReInit(ReadOnlyMemory<byte> groupId, ProtocolVersion version, ushort cipherSuite, IReadOnlyList<Extension> extensions) =>
        Make(ProposalType.ReInit, (groupId, version, cipherSuite, extensions), static (ref writer, item) =>
        {
            writer.WriteVector(item.groupId);
            writer.WriteUInt16((ushort)item.version);
            writer.WriteUInt16(item.cipherSuite);
            item.extensions.Write(ref writer);
        });

    internal static Proposal Update(LeafNode leafNode) => Make(ProposalType.Update, leafNode, static (ref writer, item) => item.Write(ref writer));

    internal static Proposal PreSharedKey(PreSharedKeyId psk) => Make(ProposalType.Psk, psk, static (ref writer, item) => item.Write(ref writer));

    internal static Proposal ExternalInit(ReadOnlyMemory<byte> kemOutput) =>
        Make(ProposalType.ExternalInit, kemOutput, static (ref writer, item) => writer.WriteVector(item));

    internal static bool TryRead(ref Reader reader, [NotNullWhen(true)] out Proposal? proposal)
    {
        int start = reader.Position;
        proposal = null;
        return reader.TryReadUInt16(out ushort type) && TryReadBody(ref reader, start, (ProposalType)type, out proposal);
    }

    internal static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out Proposal? proposal)
    {
        var reader = new Reader(bytes);
        return TryRead(ref reader, out proposal) && reader.IsAtEnd;
    }

    internal void Write(ref Writer writer) => writer.WriteBytes(Encoded.Span);

    private static bool TryReadBody(ref Reader reader, int start, ProposalType type, [NotNullWhen(true)] out Proposal? proposal)
    {
        proposal = null;
        switch (type)
        {
            case ProposalType.Add when KeyPackage.TryRead(ref reader, out KeyPackage? keyPackage):
                proposal = new AddProposal(keyPackage, reader.Since(start));
                break;
            case ProposalType.Update when LeafNode.TryRead(ref reader, out LeafNode? leafNode):
                proposal = new UpdateProposal(leafNode, reader.Since(start));
                break;
            case ProposalType.Remove when reader.TryReadUInt32(out uint removed):
                proposal = new RemoveProposal(removed, reader.Since(start));
                break;
            case ProposalType.Psk when PreSharedKeyId.TryRead(ref reader, out PreSharedKeyId? psk):
                proposal = new PreSharedKeyProposal(psk, reader.Since(start));
                break;
            case ProposalType.ReInit when reader.TryReadVector(out ReadOnlyMemory<byte> groupId)
                && reader.TryReadUInt16(out ushort version)
                && reader.TryReadUInt16(out ushort cipherSuite)
                && ExtensionList.TryRead(ref reader, out IReadOnlyList<Extension> extensions):
                proposal = new ReInitProposal(groupId, (ProtocolVersion)version, cipherSuite, extensions, reader.Since(start));
                break;
            case ProposalType.ExternalInit when reader.TryReadVector(out ReadOnlyMemory<byte> kemOutput):
                proposal = new ExternalInitProposal(kemOutput, reader.Since(start));
                break;
            case ProposalType.GroupContextExtensions when ExtensionList.TryRead(ref reader, out IReadOnlyList<Extension> extensions):
                proposal = new GroupContextExtensionsProposal(extensions, reader.Since(start));
                break;
            case var unknown when !Capabilities.IsDefault(unknown) && reader.TryReadVector(out ReadOnlyMemory<byte> content):
                proposal = new CustomProposal(unknown, content, reader.Since(start));
                break;
        }
        return proposal is not null;
    }

    private delegate void BodyWriter<T>(ref Writer writer, T item);

    private static Proposal Make<T>(ProposalType type, T item, BodyWriter<T> writeBody)
    {
        var writer = new Writer(256);
        writer.WriteUInt16((ushort)type);
        writeBody(ref writer, item);
        return TryParse(writer.ToArray(), out Proposal? proposal) ? proposal : throw new ArgumentException("The proposal cannot be encoded.", nameof(item));
    }
}
