namespace TwoPartyMls;

/// <summary>The network, and everyone on it. Yours would send the bytes; this one shows what there is to see.</summary>
internal static class Wire
{
    public static byte[] Carry(string sender, string what, ReadOnlySpan<byte> bytes)
    {
        Console.WriteLine($"  [wire: {bytes.Length} bytes, a {what} of {sender}: {Convert.ToHexStringLower(bytes[..Math.Min(16, bytes.Length)])}…]");
        return bytes.ToArray();
    }
}
