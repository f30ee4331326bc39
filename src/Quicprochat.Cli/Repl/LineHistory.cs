namespace Quicprochat.Cli.Repl;

/// <summary>Lines typed before, in memory alone: on disk they would be readable.</summary>
internal sealed class LineHistory
{
    private const int LinesMax = 500;

    private readonly List<string> _lines = [];
    private int _at;
    private string _unfinished = "";

    public void Add(string line)
    {
        if (line.Length > 0 && (_lines.Count == 0 || _lines[^1] != line))
        {
            _lines.Add(line);
            if (_lines.Count > LinesMax)
            {
                _lines.RemoveAt(0);
            }
        }
        _at = _lines.Count;
    }

    /// <summary>The line before, null at the first; <paramref name="current"/> is kept to come back to.</summary>
    public string? Previous(string current)
    {
        if (_at == 0)
        {
            return null;
        }
        if (_at == _lines.Count)
        {
            _unfinished = current;
        }
        return _lines[--_at];
    }

    public string? Next() => _at >= _lines.Count ? null : ++_at == _lines.Count ? _unfinished : _lines[_at];
}
