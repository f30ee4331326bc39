using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Quicprochat.Sdk.Identity;

/// <summary>
/// What two people compare to know that nobody sits between them: 60 digits, 30 for each account, the smaller half first so that both see the same. Half a number is 5200 rounds of SHA-512 over
/// the account's key and name, which makes looking for another key with the same digits that much slower; every five bytes of the result give five digits.
/// </summary>
internal static class SafetyNumber
{
    private const string Label = "qpc safety number v1";
    private const int Rounds = 5200;
    private const int Groups = 6;
    private const int BytesPerGroup = 5;

    public static string Of(string account, ReadOnlySpan<byte> key, string otherAccount, ReadOnlySpan<byte> otherKey)
    {
        string one = Half(account, key);
        string two = Half(otherAccount, otherKey);
        return string.CompareOrdinal(one, two) <= 0 ? $"{one} {two}" : $"{two} {one}";
    }

    private static string Half(string account, ReadOnlySpan<byte> key)
    {
        byte[] identity = [.. Encoding.ASCII.GetBytes(Label), 0, .. key, .. Encoding.UTF8.GetBytes(account)];
        byte[] round = new byte[SHA512.HashSizeInBytes + identity.Length];
        identity.CopyTo(round, SHA512.HashSizeInBytes);
        Span<byte> hash = round.AsSpan(0, SHA512.HashSizeInBytes);
        SHA512.HashData(identity, hash);
        for (int i = 0; i < Rounds; i++)
        {
            SHA512.HashData(round, hash);
        }
        var groups = new string[Groups];
        Span<byte> wide = stackalloc byte[8];
        for (int i = 0; i < Groups; i++)
        {
            wide.Clear();
            hash.Slice(i * BytesPerGroup, BytesPerGroup).CopyTo(wide[(8 - BytesPerGroup)..]);
            groups[i] = (BinaryPrimitives.ReadUInt64BigEndian(wide) % 100_000).ToString("D5", CultureInfo.InvariantCulture);
        }
        return string.Join(' ', groups);
    }
}
