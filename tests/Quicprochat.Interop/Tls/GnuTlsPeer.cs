using System.Diagnostics;
using System.Globalization;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Interop.Tls;

/// <summary>A running <c>gnutls-peer</c>, and what it has said.</summary>
internal sealed class GnuTlsPeer : IDisposable
{
    private readonly Process _process;

    public GnuTlsPeer(GnuTlsProgram program, params string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(program.Path, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        ReadUntilWait();
    }

    /// <summary>CRYPTO bytes it has sent and nobody has taken.</summary>
    public Queue<(EncryptionLevel Level, byte[] Bytes)> Output { get; } = new();

    /// <summary>The secrets of each level, as they came: GnuTLS tells each direction when it has it.</summary>
    public Dictionary<EncryptionLevel, (byte[]? Read, byte[]? Write)> Secrets { get; } = [];

    public byte[]? Certificate { get; private set; }

    public byte[]? PeerParameters { get; private set; }

    public int? Alert { get; private set; }

    public string? Error { get; private set; }

    public bool IsDone { get; private set; }

    public string? Protocol { get; private set; }

    public string? ServerName { get; private set; }

    public int PeerCertificates { get; private set; }

    public byte[]? Exported { get; private set; }

    public void Receive(EncryptionLevel level, ReadOnlySpan<byte> bytes)
    {
        int number = level switch
        {
            EncryptionLevel.Initial => 0,
            EncryptionLevel.Handshake => 2,
            _ => 3,
        };
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"IN {number} {Convert.ToHexString(bytes)}"));
        _process.StandardInput.Flush();
        ReadUntilWait();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5_000))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void ReadUntilWait()
    {
        while (_process.StandardOutput.ReadLine() is { } line && line != "WAIT")
        {
            string[] words = line.Split(' ');
            switch (words[0])
            {
                case "CERT":
                    Certificate = Convert.FromHexString(words[1]);
                    break;
                case "OUT":
                    Output.Enqueue((Level(words[1]), Convert.FromHexString(words[2])));
                    break;
                case "SECRET":
                    (byte[]? read, byte[]? write) = Secrets.GetValueOrDefault(Level(words[1]));
                    Secrets[Level(words[1])] = (Bytes(words[2]) ?? read, Bytes(words[3]) ?? write);
                    break;
                case "PARAMETERS":
                    PeerParameters = Convert.FromHexString(words[1]);
                    break;
                case "DONE":
                    IsDone = true;
                    (Protocol, ServerName) = (words[1], words[2]);
                    PeerCertificates = int.Parse(words[3], CultureInfo.InvariantCulture);
                    Exported = Convert.FromHexString(words[4]);
                    break;
                case "ALERT":
                    Alert = int.Parse(words[1], CultureInfo.InvariantCulture);
                    break;
                case "ERROR":
                    Error = line;
                    break;
                default:
                    throw new InvalidDataException(line);
            }
        }
    }

    private static EncryptionLevel Level(string word) => word switch
    {
        "0" => EncryptionLevel.Initial,
        "2" => EncryptionLevel.Handshake,
        _ => EncryptionLevel.Application,
    };

    private static byte[]? Bytes(string word) => word == "-" ? null : Convert.FromHexString(word);
}
