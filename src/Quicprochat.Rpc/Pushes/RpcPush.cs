using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace Quicprochat.Rpc.Pushes;

/// <summary>A push as it came.</summary>
/// <param name="Event">Its number; see <see cref="Events"/>.</param>
/// <param name="Payload">Its bytes.</param>
public readonly record struct RpcPush(ushort Event, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The message, when this is a push of that kind and parses.</summary>
    public bool TryParse<TMessage>(RpcEvent<TMessage> push, [NotNullWhen(true)] out TMessage? message)
        where TMessage : class, IMessage<TMessage>
    {
        message = null;
        if (Event != push.Number)
        {
            return false;
        }
        try
        {
            message = push.Parser.ParseFrom(Payload.Span);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
