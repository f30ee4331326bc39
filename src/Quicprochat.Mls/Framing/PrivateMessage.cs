using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Framing;

/// <summary>
/// Content that is signed and encrypted (RFC 9420 §6.3):
/// <code>
/// struct {
///     opaque group_id&lt;V&gt;;
///     uint64 epoch;
///     ContentType content_type;
///     opaque authenticated_data&lt;V&gt;;
///     opaque encrypted_sender_data&lt;V&gt;;
///     opaque ciphertext&lt;V&gt;;
/// } PrivateMessage;
/// </code>
/// </summary>
internal sealed class PrivateMessage
{
    public required ReadOnlyMemory<byte> GroupId { get; init; }

    public required ulong Epoch { get; init; }

    public required ContentType ContentType { get; init; }

    public required ReadOnlyMemory<byte> AuthenticatedData { get; init; }

    public required ReadOnlyMemory<byte> EncryptedSenderData { get; init; }

    public required ReadOnlyMemory<byte> Ciphertext { get; init; }

    public static bool TryRead(ref Reader reader, [NotNullWhen(true)] out PrivateMessage? message)
    {
        message = null;
        if (!reader.TryReadVector(out ReadOnlyMemory<byte> groupId)
            || !reader.TryReadUInt64(out ulong epoch)
            || !reader.TryReadByte(out byte contentType)
            || (ContentType)contentType is not (ContentType.Application or ContentType.Proposal or ContentType.Commit)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> authenticatedData)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> encryptedSenderData)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> ciphertext))
        {
            return false;
        }
        message = new PrivateMessage
        {
            GroupId = groupId,
            Epoch = epoch,
            ContentType = (ContentType)contentType,
            AuthenticatedData = authenticatedData,
            EncryptedSenderData = encryptedSenderData,
            Ciphertext = ciphertext,
        };
        return true;
    }

    public void Write(ref Writer writer)
    {
        writer.WriteVector(GroupId);
        writer.WriteUInt64(Epoch);
        writer.WriteByte((byte)ContentType);
        writer.WriteVector(AuthenticatedData);
        writer.WriteVector(EncryptedSenderData);
        writer.WriteVector(Ciphertext);
    }
}
