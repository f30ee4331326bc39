using System.Globalization;
using Spectre.Console.Rendering;

namespace Quicprochat.Cli.Repl;

/// <summary>A line that is being typed: text, and a cursor that stands between what people see as characters.</summary>
internal sealed class LineBuffer
{
    public string Text { get; private set; } = "";

    /// <summary>Index into <see cref="Text"/>, always at the edge of a text element.</summary>
    public int Cursor { get; private set; }

    public static int WidthOf(string text) => new Segment(text).CellCount();

    public void Set(string text)
    {
        Text = text;
        Cursor = text.Length;
    }

    public void Insert(string text)
    {
        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    /// <summary>Puts <paramref name="text"/> in the place of what is between <paramref name="start"/> and the cursor.</summary>
    public void Replace(int start, string text)
    {
        Text = Text[..start] + text + Text[Cursor..];
        Cursor = start + text.Length;
    }

    public void Left() => Cursor = Before();

    public void Right() => Cursor = After();

    public void Home() => Cursor = 0;

    public void End() => Cursor = Text.Length;

    public void WordLeft() => Cursor = WordStart();

    public void WordRight()
    {
        while (Cursor < Text.Length && Text[Cursor] == ' ')
        {
            Cursor++;
        }
        while (Cursor < Text.Length && Text[Cursor] != ' ')
        {
            Cursor++;
        }
    }

    public void DeleteBefore() => Cut(Before(), Cursor);

    public void DeleteAfter() => Cut(Cursor, After());

    public void DeleteWord() => Cut(WordStart(), Cursor);

    public void DeleteToEnd() => Cut(Cursor, Text.Length);

    public void DeleteToStart() => Cut(0, Cursor);

    /// <summary>What of the line fits into <paramref name="width"/> cells with the cursor in it, and the cursor's cell.</summary>
    public (string Visible, int CursorCell) Window(int width)
    {
        int start = 0;
        while (start < Cursor && WidthOf(Text[start..Cursor]) >= width)
        {
            start += StringInfo.GetNextTextElementLength(Text, start);
        }
        int end = start;
        int cells = 0;
        while (end < Text.Length)
        {
            int length = StringInfo.GetNextTextElementLength(Text, end);
            cells += WidthOf(Text.Substring(end, length));
            if (cells > width)
            {
                break;
            }
            end += length;
        }
        return (Text[start..end], WidthOf(Text[start..Cursor]));
    }

    private void Cut(int from, int to)
    {
        Text = Text.Remove(from, to - from);
        Cursor = from;
    }

    private int Before()
    {
        int at = 0;
        int last = 0;
        while (at < Cursor)
        {
            last = at;
            at += StringInfo.GetNextTextElementLength(Text, at);
        }
        return last;
    }

    private int After() => Cursor == Text.Length ? Cursor : Cursor + StringInfo.GetNextTextElementLength(Text, Cursor);

    private int WordStart()
    {
        int at = Cursor;
        while (at > 0 && Text[at - 1] == ' ')
        {
            at--;
        }
        while (at > 0 && Text[at - 1] != ' ')
        {
            at--;
        }
        return at;
    }
}
