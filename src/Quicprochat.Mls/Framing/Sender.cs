using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Framing;

/// <summary>
/// Who sent a message (RFC 9420 §6):
/// <code>
/// struct {
///     SenderType sender_type;
///     select (Sender.sender_type) {
///         case member:   uint32 leaf_index;
///         case external: uint32 sender_index;
///         case new_member_commit: case new_member_proposal: struct{};
///     };
/// } Sender;
/// </code>
/// </summary>
/// <param name="Type">What kind of sender.</param>
/// <param name="Index">The leaf index of a member, or the place of an external sender in the extension; 0 for others.</param>
public readonly record struct Sender(SenderType Type, uint Index)
{
    internal static Sender Member(uint leafIndex) => new(SenderType.Member, leafIndex);

    internal static bool TryRead(ref Reader reader, out Sender sender)
    {
        uint index = 0;
        bool read = reader.TryReadByte(out byte type) && (SenderType)type switch
        {
            SenderType.Member or SenderType.External => reader.TryReadUInt32(out index),
            SenderType.NewMemberCommit or SenderType.NewMemberProposal => true,
            _ => false, // RFC 9420 §6: the enum has no other value.
        };
        sender = new Sender((SenderType)type, index);
        return read;
    }

    internal void Write(ref Writer writer)
    {
        writer.WriteByte((byte)Type);
        if (Type is SenderType.Member or SenderType.External)
        {
            writer.WriteUInt32(Index);
        }
    }
}
