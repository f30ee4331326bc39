using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace Quicprochat.Sdk.Identity;

/// <summary>Reads what others wrote.</summary>
internal static class Protobuf
{
    /// <summary>False for bytes that are not such a message.</summary>
    public static bool TryParse<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out T? message)
        where T : class, IMessage<T>
    {
        try
        {
            message = parser.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            message = null;
            return false;
        }
    }
}
