namespace Quicprochat.Transport.Sockets;

/// <summary>A pinned buffer of equal slots, each of which takes one receive. Made once for each socket's loop and used over and over.</summary>
internal sealed class ReceiveBatch
{
    /// <summary>Bytes of a slot: the longest UDP payload, so that nothing is ever cut short.</summary>
    public const int SlotSize = 65536;

    private readonly ReceivedMessage[] _messages;

    public ReceiveBatch(int slots)
    {
        Slots = slots;
        Buffer = GC.AllocateUninitializedArray<byte>(slots * SlotSize, pinned: true);
        _messages = new ReceivedMessage[slots];
    }

    public int Slots { get; }

    public byte[] Buffer { get; }

    public int Count { get; private set; }

    /// <summary>True when the last receive used every slot: there may be more.</summary>
    public bool IsFull => Count == Slots;

    public ref readonly ReceivedMessage this[int index] => ref _messages[index];

    public void Clear() => Count = 0;

    public void Add(in ReceivedMessage message) => _messages[Count++] = message;

    public Span<byte> Payload(in ReceivedMessage message) => Buffer.AsSpan(message.Offset, message.Length);
}
