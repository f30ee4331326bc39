using System.Text;
using Quicprochat.Mls;

namespace MlsPeer;

/// <summary>
/// One member behind the line protocol. A command answers with its lines or refuses; <see cref="Answer"/> is total: any text is answered, and a refused line has changed nothing.
/// Split by concern: settings, commits, messages, what the group is, files.
/// </summary>
internal sealed partial class Peer
{
    private static readonly string[] Silent = [];

    private readonly TimeProvider _time;

    public Peer(TimeProvider time)
    {
        _time = time;
        _client = NewClient(_suites, _store, _psks);
    }

    private long NowSeconds => _time.GetUtcNow().ToUnixTimeSeconds();

    public IReadOnlyList<string> Answer(string line)
    {
        line = line.TrimEnd('\r');
        if (string.IsNullOrWhiteSpace(line))
        {
            return Silent;
        }
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        string name = space < 0 ? line : line[..space];
        var owed = _psks.Owed;
        try
        {
            return Run(name, new Words(space < 0 ? "" : line[(space + 1)..]));
        }
        catch (RefusedException refusal)
        {
            return Refuse(refusal.Code, refusal.Message);
        }
        catch (MlsException refusal)
        {
            return Refuse(refusal.Code.ToString(), refusal.Message);
        }
        catch (Exception misuse) when (misuse is ArgumentException or InvalidOperationException)
        {
            // The library's words for a call that makes no sense now, such as a second commit while one is pending.
            return Refuse("Usage", misuse.Message);
        }
        catch (Exception file) when (file is IOException or UnauthorizedAccessException)
        {
            return Refuse("File", file.Message);
        }

        string[] Refuse(string code, string sentence)
        {
            _psks.Owed = owed;
            return [$"error {code} {OneLine(sentence)}"];
        }
    }

    private string[] Run(string name, Words words) => name switch
    {
        "suite" => SetSuite(words),
        "identity" => SetIdentity(words),
        "wire" => SetWire(words),
        "psk" => SetPsk(words),
        "hold" => SetHold(words),
        "keypackage" => CreateKeyPackage(words),
        "create" => CreateGroup(words),
        "join" => Join(words),
        "external" => JoinExternally(words),
        "add" => Add(words),
        "update" => Update(words),
        "remove" => Remove(words),
        "confirm" => Confirm(words),
        "drop" => Drop(words),
        "process" => Process(words),
        "send" => Send(words),
        "groupinfo" => GroupInfo(words),
        "export" => Export(words),
        "members" => Members(words),
        "authenticator" => Authenticator(words),
        "save" => Save(words),
        "load" => Load(words),
        _ => throw new RefusedException("Usage", "There is no such command."),
    };

    private static string[] Say(string name, ReadOnlySpan<byte> bytes) => [$"{name} {Convert.ToHexStringLower(bytes)}"];

    /// <summary>A peer's text may hold anything; an answer is one line.</summary>
    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (char letter in text)
        {
            line.Append(char.IsControl(letter) || letter is '\u2028' or '\u2029' ? ' ' : letter);
        }
        return line.ToString();
    }
}
