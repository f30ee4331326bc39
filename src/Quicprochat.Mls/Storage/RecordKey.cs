using Quicprochat.Mls.Codec;
using Quicprochat.Mls.KeySchedule;

namespace Quicprochat.Mls.Storage;

/// <summary>
/// The keys of records: <c>'g' ‖ group_id&lt;V&gt; ‖ kind ‖ …</c> for those of a group, <c>'k' ‖ reference</c> for key packages.
/// No key is the beginning of another group's, because the id carries its length.
/// </summary>
internal static class RecordKey
{
    private const byte GroupSpace = (byte)'g';
    private const byte KeyPackageSpace = (byte)'k';

    public static byte[] KeyPackage(ReadOnlySpan<byte> reference)
    {
        byte[] key = new byte[1 + reference.Length];
        key[0] = KeyPackageSpace;
        reference.CopyTo(key.AsSpan(1));
        return key;
    }

    /// <summary>The beginning of all keys of a group.</summary>
    public static byte[] Prefix(ReadOnlySpan<byte> groupId)
    {
        var writer = new Writer(groupId.Length + 8);
        writer.WriteByte(GroupSpace);
        writer.WriteVector(groupId);
        return writer.ToArray();
    }

    public static byte[] Of(ReadOnlySpan<byte> groupId, RecordKind kind) => Make(groupId, kind, default);

    public static byte[] Of(ReadOnlySpan<byte> groupId, RecordKind kind, ReadOnlySpan<byte> name) => Make(groupId, kind, name);

    public static byte[] TreeNode(ReadOnlySpan<byte> groupId, uint node)
    {
        var writer = new Writer(stackalloc byte[4]);
        writer.WriteUInt32(node);
        return Make(groupId, RecordKind.TreeNode, writer.Written);
    }

    public static byte[] PrivateKey(ReadOnlySpan<byte> groupId, int level) => Make(groupId, RecordKind.PrivateKey, [(byte)level]);

    public static byte[] Epoch(ReadOnlySpan<byte> groupId, RecordKind kind, ulong epoch)
    {
        var writer = new Writer(stackalloc byte[8]);
        writer.WriteUInt64(epoch);
        return Make(groupId, kind, writer.Written);
    }

    public static byte[] SecretTreeNode(ReadOnlySpan<byte> groupId, ulong epoch, uint node)
    {
        var writer = new Writer(stackalloc byte[12]);
        writer.WriteUInt64(epoch);
        writer.WriteUInt32(node);
        return Make(groupId, RecordKind.SecretTreeNode, writer.Written);
    }

    public static byte[] Ratchet(ReadOnlySpan<byte> groupId, ulong epoch, uint leaf, RatchetKind kind)
    {
        var writer = new Writer(stackalloc byte[13]);
        writer.WriteUInt64(epoch);
        writer.WriteUInt32(leaf);
        writer.WriteByte((byte)kind);
        return Make(groupId, RecordKind.Ratchet, writer.Written);
    }

    public static byte[] SkippedKey(ReadOnlySpan<byte> groupId, ulong epoch, (uint Leaf, RatchetKind Kind) ratchet, uint generation)
    {
        var writer = new Writer(stackalloc byte[17]);
        writer.WriteUInt64(epoch);
        writer.WriteUInt32(ratchet.Leaf);
        writer.WriteByte((byte)ratchet.Kind);
        writer.WriteUInt32(generation);
        return Make(groupId, RecordKind.SkippedKey, writer.Written);
    }

    private static byte[] Make(ReadOnlySpan<byte> groupId, RecordKind kind, ReadOnlySpan<byte> rest)
    {
        var writer = new Writer(groupId.Length + rest.Length + 8);
        writer.WriteByte(GroupSpace);
        writer.WriteVector(groupId);
        writer.WriteByte((byte)kind);
        writer.WriteBytes(rest);
        return writer.ToArray();
    }
}
