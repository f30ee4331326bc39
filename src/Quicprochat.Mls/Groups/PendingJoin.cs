namespace Quicprochat.Mls.Groups;

/// <summary>
/// An external commit that was made and not yet taken (RFC 9420 §12.4.3.2). Send <see cref="Message"/> to the group; when the
/// delivery service has put it in order, <see cref="Confirm"/> gives the group. When another commit came first, drop it and
/// start over from a new GroupInfo.
/// </summary>
public sealed class PendingJoin
{
    private readonly Func<Group> _confirm;
    private readonly Action _drop;
    private bool _done;

    internal PendingJoin(ReadOnlyMemory<byte> message, Func<Group> confirm, Action drop)
    {
        Message = message;
        _confirm = confirm;
        _drop = drop;
    }

    /// <summary>What to send to the group.</summary>
    public ReadOnlyMemory<byte> Message { get; }

    /// <summary>The commit was taken: this client is a member.</summary>
    /// <exception cref="InvalidOperationException">It was confirmed or dropped before.</exception>
    public Group Confirm()
    {
        RequirePending();
        Group group = _confirm();
        _done = true;
        return group;
    }

    /// <summary>The commit was not taken: nothing of it is kept.</summary>
    /// <exception cref="InvalidOperationException">It was confirmed or dropped before.</exception>
    public void Drop()
    {
        RequirePending();
        _drop();
        _done = true;
    }

    private void RequirePending()
    {
        if (_done)
        {
            throw new InvalidOperationException("The join has been confirmed or dropped.");
        }
    }
}
