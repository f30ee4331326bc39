using System.Runtime.CompilerServices;
using static Quicprochat.Transport.Sockets.LinuxNative;

namespace Quicprochat.Transport.Sockets;

/// <summary>Writes and reads the ancillary data of a message (cmsg(3)): headers and values, each aligned to a word.</summary>
internal static unsafe class ControlMessages
{
    /// <summary>Room for every message used here, on the way in or out.</summary>
    public const int Size = 128;

    private static int HeaderSize => sizeof(ControlHeader);

    /// <summary>Appends one value at <paramref name="used"/>; returns the new length.</summary>
    public static int Append<T>(byte* control, int used, int level, int type, T value)
        where T : unmanaged
    {
        var header = (ControlHeader*)(control + used);
        header->Length = (nuint)(HeaderSize + sizeof(T));
        header->Level = level;
        header->Type = type;
        Unsafe.WriteUnaligned(control + used + HeaderSize, value);
        return used + Align(HeaderSize + sizeof(T));
    }

    /// <summary>Steps to the message at <paramref name="position"/>; false behind the last one.</summary>
    public static bool TryNext(ReadOnlySpan<byte> control, ref int position, out ControlHeader header, out ReadOnlySpan<byte> value)
    {
        header = default;
        value = default;
        if (control.Length - position < HeaderSize)
        {
            return false;
        }
        header = Unsafe.ReadUnaligned<ControlHeader>(in control[position]);
        if (header.Length < (nuint)HeaderSize || header.Length > (nuint)(control.Length - position))
        {
            return false;
        }
        value = control[(position + HeaderSize)..(position + (int)header.Length)];
        position = Math.Min(control.Length, position + Align((int)header.Length));
        return true;
    }

    private static int Align(int length) => (length + sizeof(nuint) - 1) & -sizeof(nuint);
}
