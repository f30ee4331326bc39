using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// The public state of a group in one epoch (RFC 9420 §8.1):
/// <code>
/// struct {
///     ProtocolVersion version = mls10;
///     CipherSuite cipher_suite;
///     opaque group_id&lt;V&gt;;
///     uint64 epoch;
///     opaque tree_hash&lt;V&gt;;
///     opaque confirmed_transcript_hash&lt;V&gt;;
///     Extension extensions&lt;V&gt;;
/// } GroupContext;
/// </code>
/// </summary>
internal sealed class GroupContext
{
    private GroupContext(ReadOnlyMemory<byte> encoded) => Encoded = encoded;

    public ProtocolVersion Version { get; private init; }

    public ushort CipherSuite { get; private init; }

    public ReadOnlyMemory<byte> GroupId { get; private init; }

    public ulong Epoch { get; private init; }

    public ReadOnlyMemory<byte> TreeHash { get; private init; }

    public ReadOnlyMemory<byte> ConfirmedTranscriptHash { get; private init; }

    public IReadOnlyList<Extension> Extensions { get; private init; } = [];

    /// <summary>The bytes it was read from: what is signed and what goes into the key schedule.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The first context of a group.</summary>
    public static GroupContext Initial(ushort cipherSuite, ReadOnlyMemory<byte> groupId, ReadOnlyMemory<byte> treeHash, IReadOnlyList<Extension> extensions) =>
        Encode(ProtocolVersion.Mls10, cipherSuite, groupId, 0, treeHash, default, extensions);

    /// <summary>The context of the next epoch; provisional while the confirmed transcript hash is still the old one.</summary>
    public GroupContext Next(ReadOnlyMemory<byte> treeHash, ReadOnlyMemory<byte> confirmedTranscriptHash, IReadOnlyList<Extension> extensions) =>
        Encode(Version, CipherSuite, GroupId, Epoch + 1, treeHash, confirmedTranscriptHash, extensions);

    /// <summary>The same context with the confirmed transcript hash put in.</summary>
    public GroupContext WithConfirmedTranscriptHash(ReadOnlyMemory<byte> confirmedTranscriptHash) =>
        Encode(Version, CipherSuite, GroupId, Epoch, TreeHash, confirmedTranscriptHash, Extensions);

    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out GroupContext? context)
    {
        var reader = new Reader(bytes);
        return TryRead(ref reader, out context) && reader.IsAtEnd;
    }

    public static bool TryRead(ref Reader reader, [NotNullWhen(true)] out GroupContext? context)
    {
        context = null;
        int start = reader.Position;
        if (!reader.TryReadUInt16(out ushort version)
            || !reader.TryReadUInt16(out ushort cipherSuite)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> groupId)
            || !reader.TryReadUInt64(out ulong epoch)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> treeHash)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> confirmedTranscriptHash)
            || !ExtensionList.TryRead(ref reader, out IReadOnlyList<Extension> extensions))
        {
            return false;
        }
        context = new GroupContext(reader.Since(start))
        {
            Version = (ProtocolVersion)version,
            CipherSuite = cipherSuite,
            GroupId = groupId,
            Epoch = epoch,
            TreeHash = treeHash,
            ConfirmedTranscriptHash = confirmedTranscriptHash,
            Extensions = extensions,
        };
        return true;
    }

    public void Write(ref Writer writer) => writer.WriteBytes(Encoded.Span);

    private static GroupContext Encode(
        ProtocolVersion version,
        ushort cipherSuite,
        ReadOnlyMemory<byte> groupId,
        ulong epoch,
        ReadOnlyMemory<byte> treeHash,
        ReadOnlyMemory<byte> confirmedTranscriptHash,
        IReadOnlyList<Extension> extensions)
    {
        var writer = new Writer(256);
        writer.WriteUInt16((ushort)version);
        writer.WriteUInt16(cipherSuite);
        writer.WriteVector(groupId);
        writer.WriteUInt64(epoch);
        writer.WriteVector(treeHash);
        writer.WriteVector(confirmedTranscriptHash);
        extensions.Write(ref writer);
        return TryParse(writer.ToArray(), out GroupContext? context) ? context : throw new InvalidOperationException("A group context was written wrongly.");
    }
}
