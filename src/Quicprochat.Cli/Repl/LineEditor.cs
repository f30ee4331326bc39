using System.Threading.Channels;
using Quicprochat.Cli.Terminal;

namespace Quicprochat.Cli.Repl;

/// <summary>
/// One line at the bottom of the terminal that is being typed, while other lines appear above it. The line keeps to one row, scrolling sideways when it is longer,
/// so that nothing that arrives can tear it.
/// </summary>
internal sealed class LineEditor(Func<string, int, IReadOnlyList<string>> complete)
{
    private const string ClearRow = "\r\u001b[K";

    private readonly Lock _lock = new();
    private readonly LineBuffer _line = new();
    private readonly LineHistory _history = new();
    private readonly Channel<ConsoleKeyInfo> _keys = Channel.CreateUnbounded<ConsoleKeyInfo>();
    private string _prompt = "";
    private int _promptWidth;
    private bool _isReading;
    private bool _wasTab;

    /// <summary>Starts to take keys. They are read on a thread of their own, which ends with the process: reading a key cannot be given up.</summary>
    public void Start()
    {
        Console.TreatControlCAsInput = true;
        new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
    }

    /// <summary>Shows the prompt anew.</summary>
    /// <param name="prompt">With its colours.</param>
    /// <param name="width">Its width in cells.</param>
    public void SetPrompt(string prompt, int width)
    {
        lock (_lock)
        {
            _prompt = prompt;
            _promptWidth = width;
            Draw();
        }
    }

    /// <summary>Writes lines above the one that is being typed.</summary>
    public void WriteAbove(string text)
    {
        lock (_lock)
        {
            Console.Out.Write(ClearRow + text.TrimEnd('\n') + "\n");
            Draw();
        }
    }

    /// <summary>The next line; null when the user wants to leave (Ctrl+D on an empty line).</summary>
    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _isReading = true;
            Draw();
        }
        try
        {
            while (true)
            {
                ConsoleKeyInfo key = await _keys.Reader.ReadAsync(cancellationToken);
                lock (_lock)
                {
                    if (key.Key == ConsoleKey.Enter)
                    {
                        return Finish();
                    }
                    if (IsControl(key, ConsoleKey.D) && _line.Text.Length == 0)
                    {
                        return null;
                    }
                    Handle(key);
                    Draw();
                }
            }
        }
        finally
        {
            lock (_lock)
            {
                _isReading = false;
                Console.Out.Write(ClearRow);
            }
        }
    }

    private static bool IsControl(ConsoleKeyInfo key, ConsoleKey which) => key.Key == which && key.Modifiers.HasFlag(ConsoleModifiers.Control);

    private void ReadKeys()
    {
        try
        {
            while (true)
            {
                _keys.Writer.TryWrite(Console.ReadKey(intercept: true));
            }
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // The terminal is gone.
            _keys.Writer.TryComplete(new OperationCanceledException("The terminal is gone.", e));
        }
    }

    private string Finish()
    {
        string line = _line.Text;
        _history.Add(line);
        _line.Set("");
        return line;
    }

    private void Handle(ConsoleKeyInfo key)
    {
        bool control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        bool word = control || key.Modifiers.HasFlag(ConsoleModifiers.Alt);
        bool tab = false;
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow when word: _line.WordLeft(); break;
            case ConsoleKey.RightArrow when word: _line.WordRight(); break;
            case ConsoleKey.LeftArrow: _line.Left(); break;
            case ConsoleKey.RightArrow: _line.Right(); break;
            case ConsoleKey.Home: _line.Home(); break;
            case ConsoleKey.End: _line.End(); break;
            case ConsoleKey.A when control: _line.Home(); break;
            case ConsoleKey.E when control: _line.End(); break;
            case ConsoleKey.B when control: _line.Left(); break;
            case ConsoleKey.F when control: _line.Right(); break;
            case ConsoleKey.K when control: _line.DeleteToEnd(); break;
            case ConsoleKey.U when control: _line.DeleteToStart(); break;
            case ConsoleKey.W when control: _line.DeleteWord(); break;
            case ConsoleKey.Backspace when word: _line.DeleteWord(); break;
            case ConsoleKey.Backspace: _line.DeleteBefore(); break;
            case ConsoleKey.Delete: _line.DeleteAfter(); break;
            case ConsoleKey.D when control: _line.DeleteAfter(); break;
            case ConsoleKey.C when control: _line.Set(""); break;
            case ConsoleKey.L when control: Console.Out.Write("\u001b[2J\u001b[H"); break;
            case ConsoleKey.UpArrow: Recall(_history.Previous(_line.Text)); break;
            case ConsoleKey.DownArrow: Recall(_history.Next()); break;
            case ConsoleKey.Tab:
                Complete();
                tab = true;
                break;
            case ConsoleKey.Escape: break;
            default:
                if (!char.IsControl(key.KeyChar) && !control)
                {
                    _line.Insert(key.KeyChar.ToString());
                }
                break;
        }
        _wasTab = tab;
    }

    private void Recall(string? line)
    {
        if (line is not null)
        {
            _line.Set(line);
        }
    }

    /// <summary>Completes what is before the cursor as far as it is clear; a second Tab lists what there is.</summary>
    private void Complete()
    {
        int start = _line.Text.LastIndexOf(' ', Math.Max(0, _line.Cursor - 1), Math.Max(0, _line.Cursor)) + 1;
        IReadOnlyList<string> found = complete(_line.Text, _line.Cursor);
        if (found.Count == 0)
        {
            return;
        }
        string common = found.Aggregate(CommonStart);
        if (found.Count == 1)
        {
            _line.Replace(start, found[0] + " ");
        }
        else if (common.Length > _line.Cursor - start)
        {
            _line.Replace(start, common);
        }
        else if (_wasTab)
        {
            Console.Out.Write(ClearRow + string.Join("  ", found.Select(Plain.Clean)) + "\n");
        }
    }

    private static string CommonStart(string a, string b)
    {
        int length = 0;
        while (length < a.Length && length < b.Length && a[length] == b[length])
        {
            length++;
        }
        return a[..length];
    }

    private void Draw()
    {
        if (!_isReading)
        {
            return;
        }
        int room = Math.Max(8, Console.WindowWidth - _promptWidth - 1);
        (string visible, int cell) = _line.Window(room);
        Console.Out.Write($"{ClearRow}{_prompt}{Plain.Clean(visible)}\r\u001b[{_promptWidth + cell}C");
    }
}
