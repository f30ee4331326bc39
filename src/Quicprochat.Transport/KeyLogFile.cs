using System.Text;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Transport;

/// <summary>
/// Writes secrets to a file in the form of SSLKEYLOGFILE, with which packet captures can be decrypted. For debugging alone: whoever has the file reads the connections.
/// </summary>
public sealed class KeyLogFile : IKeyLog
{
    private readonly Lock _lock = new();
    private readonly string _path;

    /// <summary>Appends to the file at <paramref name="path"/>.</summary>
    public KeyLogFile(string path) => _path = path;

    /// <summary>The file that the environment variable SSLKEYLOGFILE names; null when it names none. Asking is the application's decision: nothing is written unasked.</summary>
    public static KeyLogFile? FromEnvironment() =>
        Environment.GetEnvironmentVariable("SSLKEYLOGFILE") is { Length: > 0 } path ? new KeyLogFile(path) : null;

    /// <inheritdoc/>
    public void Write(string label, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> secret)
    {
        string line = $"{label} {Convert.ToHexStringLower(clientRandom)} {Convert.ToHexStringLower(secret)}\n";
        lock (_lock)
        {
            File.AppendAllText(_path, line, Encoding.ASCII);
        }
    }
}
