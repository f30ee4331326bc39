using Google.Protobuf;

namespace Quicprochat.Rpc.Pushes;

/// <summary>A kind of push with the type of its payload. All of them are in <see cref="Events"/>.</summary>
public sealed class RpcEvent<TMessage>
    where TMessage : class, IMessage<TMessage>
{
    internal RpcEvent(ushort number, string name, MessageParser<TMessage> parser)
    {
        Number = number;
        Name = name;
        Parser = parser;
    }

    /// <summary>The number in the frame.</summary>
    public ushort Number { get; }

    /// <summary>Room and noun: <c>delivery.envelopes</c>.</summary>
    public string Name { get; }

    internal MessageParser<TMessage> Parser { get; }

    /// <summary>As <see cref="Name"/>.</summary>
    public override string ToString() => Name;
}
