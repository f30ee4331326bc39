using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Framing;

/// <summary>
/// The envelope of everything that travels (RFC 9420 §6):
/// <code>
/// struct {
///     ProtocolVersion version = mls10;
///     WireFormat wire_format;
///     select (MLSMessage.wire_format) { … };
/// } MLSMessage;
/// </code>
/// Exactly one of the five contents is there.
/// </summary>
internal sealed class MlsMessage
{
    private MlsMessage(WireFormat format) => Format = format;

    public WireFormat Format { get; }

    public PublicMessage? PublicMessage { get; private init; }

    public PrivateMessage? PrivateMessage { get; private init; }

    public Welcome? Welcome { get; private init; }

    public GroupInfo? GroupInfo { get; private init; }

    public KeyPackage? KeyPackage { get; private init; }

    /// <summary>Reads a whole message; bytes that follow it are refused.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out MlsMessage? message)
    {
        var reader = new Reader(bytes);
        return TryRead(ref reader, out message) && reader.IsAtEnd;
    }

    public static bool TryRead(ref Reader reader, [NotNullWhen(true)] out MlsMessage? message)
    {
        message = null;
        if (!reader.TryReadUInt16(out ushort version) || !reader.TryReadUInt16(out ushort format) || (ProtocolVersion)version != ProtocolVersion.Mls10)
        {
            return false;
        }
        message = (WireFormat)format switch
        {
            WireFormat.PublicMessage when PublicMessage.TryRead(ref reader, out PublicMessage? content) =>
                new MlsMessage(WireFormat.PublicMessage) { PublicMessage = content },
            WireFormat.PrivateMessage when PrivateMessage.TryRead(ref reader, out PrivateMessage? content) =>
                new MlsMessage(WireFormat.PrivateMessage) { PrivateMessage = content },
            WireFormat.Welcome when Welcome.TryRead(ref reader, out Welcome? content) =>
                new MlsMessage(WireFormat.Welcome) { Welcome = content },
            WireFormat.GroupInfo when GroupInfo.TryRead(ref reader, out GroupInfo? content) =>
                new MlsMessage(WireFormat.GroupInfo) { GroupInfo = content },

            // RFC 9420 §10: the version inside equals the version of the envelope.
            WireFormat.KeyPackage when KeyPackage.TryRead(ref reader, out KeyPackage? content) && content.Version == ProtocolVersion.Mls10 =>
                new MlsMessage(WireFormat.KeyPackage) { KeyPackage = content },
            _ => null,
        };
        return message is not null;
    }

    public static void WriteHeader(ref Writer writer, WireFormat format)
    {
        writer.WriteUInt16((ushort)ProtocolVersion.Mls10);
        writer.WriteUInt16((ushort)format);
    }

    public static byte[] Encode(PublicMessage message)
    {
        var writer = new Writer(message.Content.Encoded.Length + 256);
        WriteHeader(ref writer, WireFormat.PublicMessage);
        message.Write(ref writer);
        return writer.ToArray();
    }

    public static byte[] Encode(PrivateMessage message)
    {
        var writer = new Writer(message.Ciphertext.Length + message.AuthenticatedData.Length + 256);
        WriteHeader(ref writer, WireFormat.PrivateMessage);
        message.Write(ref writer);
        return writer.ToArray();
    }

    public static byte[] Encode(Welcome message)
    {
        var writer = new Writer(message.EncryptedGroupInfo.Length + message.Secrets.Sum(static entry => entry.LengthMax) + 64);
        WriteHeader(ref writer, WireFormat.Welcome);
        message.Write(ref writer);
        return writer.ToArray();
    }

    public static byte[] Encode(GroupInfo message)
    {
        var writer = new Writer(message.Encoded.Length + 4);
        WriteHeader(ref writer, WireFormat.GroupInfo);
        message.Write(ref writer);
        return writer.ToArray();
    }

    public void Write(ref Writer writer)
    {
        WriteHeader(ref writer, Format);
        PublicMessage?.Write(ref writer);
        PrivateMessage?.Write(ref writer);
        Welcome?.Write(ref writer);
        GroupInfo?.Write(ref writer);
        KeyPackage?.Write(ref writer);
    }
}
