using Quicprochat.Mls.Storage;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>Messages of epochs to come. One that was taken stays in the store until it has been processed, so a crash in between loses nothing.</summary>
internal sealed class HeldMessages
{
    private readonly List<(ulong Epoch, ReadOnlyMemory<byte> Message, bool Taken)> _messages = [];

    public int Count => _messages.Count;

    public long Bytes => _messages.Sum(static item => (long)item.Message.Length);

    public void Add(ulong epoch, ReadOnlyMemory<byte> message) => _messages.Add((epoch, message, false));

    public void Clear() => _messages.Clear();

    /// <summary>The message of the farthest epoch beyond one; false when there is none.</summary>
    public bool TryFindFarthest(ulong beyond, out ReadOnlyMemory<byte> message)
    {
        int place = -1;
        for (int i = 0; i < _messages.Count; i++)
        {
            if (_messages[i].Epoch > beyond)
            {
                place = i;
                beyond = _messages[i].Epoch;
            }
        }
        message = place < 0 ? default : _messages[place].Message;
        return place >= 0;
    }

    public bool Contains(ReadOnlyMemory<byte> message) => Find(message) >= 0;

    public void Remove(ReadOnlyMemory<byte> message)
    {
        int place = Find(message);
        if (place >= 0)
        {
            _messages.RemoveAt(place);
        }
    }

    public bool TryTake(ulong epoch, out ReadOnlyMemory<byte> message)
    {
        for (int i = 0; i < _messages.Count; i++)
        {
            if (!_messages[i].Taken && _messages[i].Epoch <= epoch)
            {
                message = _messages[i].Message;
                _messages[i] = _messages[i] with { Taken = true };
                return true;
            }
        }
        message = default;
        return false;
    }

    public static byte[] KeyOf(ReadOnlyMemory<byte> groupId, ReadOnlyMemory<byte> message) =>
        RecordKey.Of(groupId.Span, RecordKind.HeldMessage, CommitRace.NameOf(message.Span));

    private int Find(ReadOnlyMemory<byte> message) => _messages.FindIndex(item => BytesComparer.Instance.Equals(item.Message, message));
}
