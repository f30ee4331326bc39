namespace Quicprochat.Cli.Terminal;

/// <summary>Asks for something that must not be seen.</summary>
internal static class SecretPrompt
{
    private const int LengthMax = 1024;

    /// <summary>What was typed, without the end of the line; the caller clears it.</summary>
    public static char[] Read(string prompt)
    {
        Console.Error.Write(prompt);
        char[] typed = new char[LengthMax];
        int count = 0;
        try
        {
            while (true)
            {
                ConsoleKeyInfo key = Console.ReadKey(intercept: true);
                if (key.Key == ConsoleKey.Enter)
                {
                    Console.Error.WriteLine();
                    return typed[..count];
                }
                if (key.Key == ConsoleKey.Backspace)
                {
                    count = Math.Max(0, count - 1);
                }
                else if (!char.IsControl(key.KeyChar) && count < typed.Length)
                {
                    typed[count++] = key.KeyChar;
                }
            }
        }
        finally
        {
            Array.Clear(typed);
        }
    }
}
