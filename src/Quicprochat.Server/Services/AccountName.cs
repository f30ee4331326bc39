namespace Quicprochat.Server.Services;

/// <summary>The form of <c>name@server</c> (docs/protocol/accounts.md).</summary>
internal static class AccountName
{
    /// <summary>Longest name before the @.</summary>
    public const int NameLengthMax = 32;

    /// <summary>Longest address: the name, the @, and the longest name of a server.</summary>
    public const int LengthMax = NameLengthMax + 1 + 128;

    /// <summary>Whether <paramref name="address"/> may be an account of the server called <paramref name="server"/>.</summary>
    public static bool IsOf(string address, string server) =>
        address.Length > server.Length + 1
        && address.EndsWith(server, StringComparison.Ordinal)
        && address[^(server.Length + 1)] == '@'
        && IsName(address.AsSpan(0, address.Length - server.Length - 1));

    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > NameLengthMax || !IsLetterOrDigit(name[0]))
        {
            return false;
        }
        foreach (char character in name)
        {
            if (!IsLetterOrDigit(character) && character is not ('.' or '_' or '-'))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsLetterOrDigit(char character) => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character);
}
