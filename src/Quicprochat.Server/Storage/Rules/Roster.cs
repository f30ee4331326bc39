using System.Buffers.Binary;

namespace Quicprochat.Server.Storage.Rules;

/// <summary>A roster: the store's numbers of devices, ascending; on disk four bytes each, little-endian.</summary>
internal static class Roster
{
    /// <summary>True when the device is on it.</summary>
    public static bool Has(int[] roster, int device) => Array.BinarySearch(roster, device) >= 0;

    /// <summary>True when the device is on the roster in these bytes.</summary>
    public static bool Has(ReadOnlySpan<byte> roster, int device)
    {
        int low = 0;
        int high = roster.Length / 4;
        while (low < high)
        {
            int middle = (low + high) / 2;
            int value = BinaryPrimitives.ReadInt32LittleEndian(roster[(4 * middle)..]);
            if (value == device)
            {
                return true;
            }
            (low, high) = value < device ? (middle + 1, high) : (low, middle);
        }
        return false;
    }

    /// <summary>The roster in these bytes.</summary>
    public static int[] Read(ReadOnlySpan<byte> bytes)
    {
        var roster = new int[bytes.Length / 4];
        for (int i = 0; i < roster.Length; i++)
        {
            roster[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]);
        }
        return roster;
    }

    /// <summary>The bytes of a roster.</summary>
    public static byte[] Write(int[] roster)
    {
        var bytes = new byte[4 * roster.Length];
        for (int i = 0; i < roster.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), roster[i]);
        }
        return bytes;
    }
}
