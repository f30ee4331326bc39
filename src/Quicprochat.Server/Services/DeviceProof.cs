using System.Buffers.Binary;
using System.Text;

namespace Quicprochat.Server.Services;

/// <summary>What a device signs to prove itself on a connection (docs/protocol/accounts.md): five fields, each a u16 length and its bytes.</summary>
internal static class DeviceProof
{
    /// <summary>The exporter's label (RFC 9846 §7.5).</summary>
    public const string ExporterLabel = "EXPORTER-qpc-device-v1";

    /// <summary>Length of the exported value, and of the nonce that takes its place.</summary>
    public const int BindingLength = 32;

    /// <summary>The message under the label.</summary>
    public static byte[] MessageOf(string protocol, ReadOnlySpan<byte> serverKeyHash, string account, ReadOnlySpan<byte> deviceId, ReadOnlySpan<byte> binding)
    {
        byte[] message = new byte[10 + Encoding.UTF8.GetByteCount(protocol) + serverKeyHash.Length + Encoding.UTF8.GetByteCount(account) + deviceId.Length + binding.Length];
        int at = Write(message, 0, Encoding.UTF8.GetBytes(protocol));
        at = Write(message, at, serverKeyHash);
        at = Write(message, at, Encoding.UTF8.GetBytes(account));
        at = Write(message, at, deviceId);
        Write(message, at, binding);
        return message;
    }

    private static int Write(byte[] to, int at, ReadOnlySpan<byte> field)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to.AsSpan(at), checked((ushort)field.Length));
        field.CopyTo(to.AsSpan(at + 2));
        return at + 2 + field.Length;
    }
}
