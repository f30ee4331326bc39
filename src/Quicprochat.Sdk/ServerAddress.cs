using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Quicprochat.Sdk;

/// <summary>
/// Where a server is: <c>host[:port][#fingerprint]</c>, port 5001 by default. The fingerprint is the SHA-256 of the server's public key (SubjectPublicKeyInfo) in base64url;
/// with it, only a server that has that key is talked to.
/// </summary>
public sealed record ServerAddress
{
    /// <summary>The port when none is named.</summary>
    public const int DefaultPort = 5001;

    private const int FingerprintBytes = 32;

    private ServerAddress(string host, int port, byte[]? key)
    {
        Host = host;
        Port = port;
        // A null array becomes an empty memory, not none.
        KeyHash = key is null ? default(ReadOnlyMemory<byte>?) : key;
    }

    /// <summary>A DNS name or an IP address, without brackets.</summary>
    public string Host { get; }

    /// <summary>The UDP port.</summary>
    public int Port { get; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, 32 bytes; null when the address names no key.</summary>
    public ReadOnlyMemory<byte>? KeyHash { get; }

    /// <summary>The key's hash as an address writes it; null when the address names no key.</summary>
    public string? Fingerprint => KeyHash is { } key ? Base64Url.EncodeToString(key.Span) : null;

    /// <summary>Reads an address.</summary>
    /// <exception cref="QpcException"><see cref="QpcError.AddressInvalid"/>.</exception>
    public static ServerAddress Parse(string text) => TryParse(text, out ServerAddress? address)
        ? address
        : throw new QpcException(QpcError.AddressInvalid, $"\"{text}\" is not the address of a server.", "Write host, host:port or host:port#fingerprint.");

    /// <summary>Reads an address; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ServerAddress? address)
    {
        address = null;
        if (text is null || text.Length is 0 or > 512)
        {
            return false;
        }
        string rest = text.Trim();
        byte[]? key = null;
        int hash = rest.IndexOf('#', StringComparison.Ordinal);
        if (hash >= 0)
        {
            if (!TryReadFingerprint(rest.AsSpan(hash + 1), out key))
            {
                return false;
            }
            rest = rest[..hash];
        }
        if (!TrySplit(rest, out string host, out string? portText))
        {
            return false;
        }
        int port = DefaultPort;
        if (portText is not null && (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is 0 or > ushort.MaxValue))
        {
            return false;
        }
        address = new ServerAddress(host, port, key);
        return true;
    }

    /// <summary>The same place, with the key it must have.</summary>
    /// <param name="keyHash">SHA-256 of the SubjectPublicKeyInfo, 32 bytes.</param>
    public ServerAddress WithKey(ReadOnlySpan<byte> keyHash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(keyHash.Length, FingerprintBytes);
        return new ServerAddress(Host, Port, keyHash.ToArray());
    }

    /// <summary>True when both name the same place and the same key.</summary>
    public bool Equals(ServerAddress? other) =>
        other is not null && string.Equals(ToString(), other.ToString(), StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <summary>The address as it is read; the port only when it is not 5001.</summary>
    public override string ToString()
    {
        string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        string port = Port == DefaultPort ? string.Empty : string.Create(CultureInfo.InvariantCulture, $":{Port}");
        return Fingerprint is { } fingerprint ? $"{host}{port}#{fingerprint}" : host + port;
    }

    private static bool TryReadFingerprint(ReadOnlySpan<char> text, out byte[]? key)
    {
        key = new byte[FingerprintBytes];
        bool read = text.Length == 43
            && Base64Url.IsValid(text)
            && Base64Url.TryDecodeFromChars(text, key, out int written)
            && written == FingerprintBytes;
        return read;
    }

    private static bool TrySplit(string text, out string host, out string? port)
    {
        port = null;
        host = text;
        if (text.StartsWith('['))
        {
            int end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0 || !IPAddress.TryParse(text.AsSpan(1, end - 1), out _))
            {
                return false;
            }
            host = text[1..end];
            string behind = text[(end + 1)..];
            port = behind.StartsWith(':') ? behind[1..] : null;
            return behind.Length == 0 || port is not null;
        }
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && colon == text.LastIndexOf(':'))
        {
            host = text[..colon];
            port = text[(colon + 1)..];
        }
        else if (colon >= 0)
        {
            return IPAddress.TryParse(text, out _);
        }
        host = host.ToLowerInvariant();
        return host.Length is > 0 and <= 253 && Uri.CheckHostName(host) != UriHostNameType.Unknown;
    }
}
