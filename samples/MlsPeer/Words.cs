using System.Globalization;

namespace MlsPeer;

/// <summary>What follows the name of a command, taken word by word. Words that are not what they should be refuse the line.</summary>
internal sealed class Words(string text)
{
    private string _rest = text;

    /// <summary>All that is left, spaces included.</summary>
    public string Text()
    {
        string all = _rest;
        _rest = "";
        return all;
    }

    public string Word(string what)
    {
        if (_rest.Length == 0)
        {
            throw new RefusedException("Usage", $"The {what} is missing.");
        }
        int space = _rest.IndexOf(' ', StringComparison.Ordinal);
        string word = space < 0 ? _rest : _rest[..space];
        _rest = space < 0 ? "" : _rest[(space + 1)..];
        return word;
    }

    /// <summary>Bytes as hex; two spaces in a row are a word of no bytes.</summary>
    public byte[] Hex(string what)
    {
        try
        {
            return Convert.FromHexString(Word(what));
        }
        catch (FormatException)
        {
            throw new RefusedException("Usage", $"The {what} is not hex.");
        }
    }

    /// <summary>A whole number, decimal or with 0x in front.</summary>
    public int Number(string what)
    {
        string word = Word(what);
        bool isHex = word.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return int.TryParse(isHex ? word[2..] : word, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 0
            ? number
            : throw new RefusedException("Usage", $"The {what} is not a number.");
    }

    /// <summary>One of two words.</summary>
    public bool Either(string yes, string no)
    {
        string word = Word($"word {yes} or {no}");
        return word == yes || (word == no ? false : throw new RefusedException("Usage", $"Say {yes} or {no}."));
    }

    /// <summary>Reads one or more items to the end of the line.</summary>
    public List<T> OneOrMore<T>(Func<Words, T> read)
    {
        var items = new List<T> { read(this) };
        while (_rest.Trim().Length > 0)
        {
            items.Add(read(this));
        }
        return items;
    }

    /// <summary>Nothing may be left.</summary>
    public void End()
    {
        if (_rest.Trim().Length > 0)
        {
            throw new RefusedException("Usage", "There is more on the line than the command takes.");
        }
    }
}
