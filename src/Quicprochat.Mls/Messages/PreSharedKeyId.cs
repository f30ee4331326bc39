using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// Names a pre-shared key and one use of it (RFC 9420 §8.4):
/// <code>
/// struct {
///     PSKType psktype;
///     select (PreSharedKeyID.psktype) {
///         case external:   opaque psk_id&lt;V&gt;;
///         case resumption: ResumptionPSKUsage usage; opaque psk_group_id&lt;V&gt;; uint64 psk_epoch;
///     };
///     opaque psk_nonce&lt;V&gt;;
/// } PreSharedKeyID;
/// </code>
/// </summary>
public sealed class PreSharedKeyId
{
    private PreSharedKeyId(PskType type) => Type = type;

    /// <summary>Where it comes from.</summary>
    public PskType Type { get; }

    /// <summary>The name of an external key.</summary>
    public ReadOnlyMemory<byte> Id { get; private init; }

    /// <summary>What a resumption key is for.</summary>
    public ResumptionPskUsage Usage { get; private init; }

    /// <summary>The group a resumption key comes from.</summary>
    public ReadOnlyMemory<byte> GroupId { get; private init; }

    /// <summary>The epoch a resumption key comes from.</summary>
    public ulong Epoch { get; private init; }

    /// <summary>A fresh value for each use, as long as the suite's hash.</summary>
    public ReadOnlyMemory<byte> Nonce { get; private init; }

    internal static PreSharedKeyId External(ReadOnlyMemory<byte> id, ReadOnlyMemory<byte> nonce) =>
        new(PskType.External) { Id = id, Nonce = nonce };

    internal static PreSharedKeyId Resumption(ResumptionPskUsage usage, ReadOnlyMemory<byte> groupId, ulong epoch, ReadOnlyMemory<byte> nonce) =>
        new(PskType.Resumption) { Usage = usage, GroupId = groupId, Epoch = epoch, Nonce = nonce };

    internal bool SequenceEqual(PreSharedKeyId other) => ToArray().AsSpan().SequenceEqual(other.ToArray());

    internal byte[] ToArray()
    {
        var writer = new Writer(128);
        Write(ref writer);
        return writer.ToArray();
    }

    internal static bool TryRead(ref Reader reader, [NotNullWhen(true)] out PreSharedKeyId? psk)
    {
        psk = null;
        ReadOnlyMemory<byte> id = default;
        ReadOnlyMemory<byte> groupId = default;
        byte usage = 0;
        ulong epoch = 0;
        if (!reader.TryReadByte(out byte type))
        {
            return false;
        }
        bool read = (PskType)type switch
        {
            PskType.External => reader.TryReadVector(out id),
            PskType.Resumption => reader.TryReadByte(out usage)
                && (ResumptionPskUsage)usage is (ResumptionPskUsage.Application or ResumptionPskUsage.ReInit or ResumptionPskUsage.Branch)
                && reader.TryReadVector(out groupId)
                && reader.TryReadUInt64(out epoch),
            _ => false, // RFC 9420 §8.4: the enum has no other value.
        };
        if (!read || !reader.TryReadVector(out ReadOnlyMemory<byte> nonce))
        {
            return false;
        }
        psk = new PreSharedKeyId((PskType)type)
        {
            Id = id,
            Usage = (ResumptionPskUsage)usage,
            GroupId = groupId,
            Epoch = epoch,
            Nonce = nonce,
        };
        return true;
    }

    internal void Write(ref Writer writer)
    {
        writer.WriteByte((byte)Type);
        if (Type == PskType.External)
        {
            writer.WriteVector(Id);
        }
        else
        {
            writer.WriteByte((byte)Usage);
            writer.WriteVector(GroupId);
            writer.WriteUInt64(Epoch);
        }
        writer.WriteVector(Nonce);
    }
}
