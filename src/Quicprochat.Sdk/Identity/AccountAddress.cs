using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Quicprochat.Sdk.Identity;

/// <summary>The address of an account, <c>name@server</c>, as docs/protocol/accounts.md has it.</summary>
internal static class AccountAddress
{
    private const int NameMax = 32;
    private const int ServerMax = 128;

    /// <summary>True for a whole, well-formed address.</summary>
    public static bool IsValid([NotNullWhen(true)] string? address)
    {
        int at = address?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        return at > 0 && IsName(address.AsSpan(0, at)) && IsServer(address.AsSpan(at + 1));
    }

    /// <summary>True for what may stand before the @.</summary>
    public static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > NameMax || !char.IsAsciiLetterLower(name[0]) && !char.IsAsciiDigit(name[0]))
        {
            return false;
        }
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('.' or '_' or '-'))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>What stands behind the @ of a valid address.</summary>
    public static string ServerOf(string address) => address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..];

    /// <summary>What stands before the @ of a valid address.</summary>
    public static string NameOf(string address) => address[..address.IndexOf('@', StringComparison.Ordinal)];

    /// <summary>What a person typed, as a whole address; a bare name is of the server given.</summary>
    /// <exception cref="QpcException"><see cref="QpcError.AccountNameInvalid"/>.</exception>
    public static string Complete(string typed, string server)
    {
        string address = typed.Trim().ToLowerInvariant();
        address = address.Contains('@', StringComparison.Ordinal) ? address : $"{address}@{server}";
        return IsValid(address)
            ? address
            : throw new QpcException(
                QpcError.AccountNameInvalid, $"\"{typed}\" is not the address of an account.", "Write name@server; a name has up to 32 of a-z 0-9 . _ - and begins with a letter or digit.");
    }

    private static bool IsServer(ReadOnlySpan<char> server)
    {
        foreach (char c in server)
        {
            if (c is <= ' ' or '@' or '/' or '#' or (char)0x7f)
            {
                return false;
            }
        }
        return server.Length > 0 && Encoding.UTF8.GetByteCount(server) <= ServerMax;
    }
}
