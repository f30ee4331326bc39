using System.Buffers.Binary;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

/// <summary>Takes a ClientHello, ServerHello or EncryptedExtensions apart so that a test can forge one field, and puts it together again.</summary>
internal sealed class HelloEditor
{
    private readonly HandshakeType _type;

    public HelloEditor(ReadOnlySpan<byte> message)
    {
        _type = (HandshakeType)message[0];
        var reader = new HandshakeReader(message[4..]);
        if (_type != HandshakeType.EncryptedExtensions)
        {
            Assert.True(reader.TryReadUInt16(out ushort version));
            Assert.True(reader.TryReadBytes(32, out ReadOnlySpan<byte> random));
            Assert.True(reader.TryReadVector8(out ReadOnlySpan<byte> sessionId));
            (Version, Random, SessionId) = (version, random.ToArray(), sessionId.ToArray());
            ReadOnlySpan<byte> suites;
            ReadOnlySpan<byte> compression;
            if (_type == HandshakeType.ClientHello)
            {
                Assert.True(reader.TryReadVector16(out suites));
                Assert.True(reader.TryReadVector8(out compression));
            }
            else
            {
                Assert.True(reader.TryReadBytes(2, out suites));
                Assert.True(reader.TryReadBytes(1, out compression));
            }

            (CipherSuites, Compression) = (suites.ToArray(), compression.ToArray());
        }

        Assert.True(reader.TryReadVector16(out ReadOnlySpan<byte> extensions));
        Assert.True(reader.IsEmpty);
        var list = new HandshakeReader(extensions);
        while (list.TryReadExtension(out ushort type, out ReadOnlySpan<byte> data))
        {
            Extensions.Add((type, data.ToArray()));
        }
    }

    public ushort Version { get; set; }

    public byte[] Random { get; set; } = [];

    public byte[] SessionId { get; set; } = [];

    public byte[] CipherSuites { get; set; } = [];

    public byte[] Compression { get; set; } = [];

    public List<(ushort Type, byte[] Data)> Extensions { get; } = [];

    public byte[] this[ushort type]
    {
        get => Extensions.Single(extension => extension.Type == type).Data;
        set => Extensions[Extensions.FindIndex(extension => extension.Type == type)] = (type, value);
    }

    public HelloEditor Remove(ushort type)
    {
        Assert.Equal(1, Extensions.RemoveAll(extension => extension.Type == type));
        return this;
    }

    public HelloEditor Add(ushort type, params byte[] data)
    {
        Extensions.Add((type, data));
        return this;
    }

    public byte[] ToArray()
    {
        byte[] extensions = Vector16([.. Extensions.SelectMany(extension => (byte[])[.. UInt16(extension.Type), .. Vector16(extension.Data)])]);
        byte[] body = _type switch
        {
            HandshakeType.EncryptedExtensions => extensions,
            HandshakeType.ClientHello => [.. UInt16(Version), .. Random, .. Vector8(SessionId), .. Vector16(CipherSuites), .. Vector8(Compression), .. extensions],
            _ => [.. UInt16(Version), .. Random, .. Vector8(SessionId), .. CipherSuites, .. Compression, .. extensions],
        };
        return Message(_type, body);
    }

    public static byte[] Message(HandshakeType type, params ReadOnlySpan<byte> body) =>
        [(byte)type, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];

    public static byte[] Vector8(ReadOnlySpan<byte> data) => [(byte)data.Length, .. data];

    public static byte[] Vector16(ReadOnlySpan<byte> data) => [.. UInt16((ushort)data.Length), .. data];

    public static byte[] UInt16(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }
}
