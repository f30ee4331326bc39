using System.Buffers.Binary;

namespace Quicprochat.Simulation.Peers;

/// <summary>Cuts extensions out of a ClientHello. TLS at the other end then sees another transcript, but it should have complained before.</summary>
internal static class HelloSurgery
{
    public const int Alpn = 16;
    public const int TransportParameters = 0x39;

    private const int ExtensionHeader = 4;

    /// <summary>The ClientHello without the extension of <paramref name="type"/> (RFC 9846 §4.1.2).</summary>
    public static byte[] WithoutExtension(ReadOnlySpan<byte> hello, int type)
    {
        int extensions = ExtensionsOffset(hello);
        int position = extensions + 2;
        while (BinaryPrimitives.ReadUInt16BigEndian(hello[position..]) != type)
        {
            position += ExtensionHeader + BinaryPrimitives.ReadUInt16BigEndian(hello[(position + 2)..]);
        }
        int size = ExtensionHeader + BinaryPrimitives.ReadUInt16BigEndian(hello[(position + 2)..]);
        byte[] shorter = [.. hello[..position], .. hello[(position + size)..]];
        BinaryPrimitives.WriteUInt16BigEndian(shorter.AsSpan(extensions), (ushort)(BinaryPrimitives.ReadUInt16BigEndian(hello[extensions..]) - size));
        int body = shorter.Length - 4;
        shorter[1] = (byte)(body >> 16);
        shorter[2] = (byte)(body >> 8);
        shorter[3] = (byte)body;
        return shorter;
    }

    /// <summary>Behind type, length, version, random, session id, cipher suites and compression methods.</summary>
    private static int ExtensionsOffset(ReadOnlySpan<byte> hello)
    {
        int position = 4 + 2 + 32;
        position += 1 + hello[position];
        position += 2 + BinaryPrimitives.ReadUInt16BigEndian(hello[position..]);
        return position + 1 + hello[position];
    }
}
