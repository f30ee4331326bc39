namespace Quicprochat.Mls.Groups;

/// <summary>
/// A commit that was made and not yet taken. Send <see cref="Message"/>; when the delivery service has put it in order, call
/// <see cref="Group.ConfirmCommit"/>, and when another commit came first, do nothing: processing that one drops this one.
/// </summary>
public sealed class PendingCommit
{
    internal PendingCommit(ulong epoch, ReadOnlyMemory<byte> message, ReadOnlyMemory<byte>? welcome, ReadOnlyMemory<byte>? groupInfo)
    {
        Epoch = epoch;
        Message = message;
        Welcome = welcome is { IsEmpty: false } ? welcome : null;
        GroupInfo = groupInfo is { IsEmpty: false } ? groupInfo : null;
    }

    /// <summary>The epoch it would end.</summary>
    public ulong Epoch { get; }

    /// <summary>What to send to the group.</summary>
    public ReadOnlyMemory<byte> Message { get; }

    /// <summary>For the members it adds; null when it adds none. They must not get it before the commit is taken (RFC 9420 §14).</summary>
    public ReadOnlyMemory<byte>? Welcome { get; }

    /// <summary>For external joins in the new epoch, if asked for.</summary>
    public ReadOnlyMemory<byte>? GroupInfo { get; }

    /// <summary>The commit's name, see <see cref="CommitRace"/>.</summary>
    public ReadOnlyMemory<byte> Name => CommitRace.NameOf(Message.Span);
}
