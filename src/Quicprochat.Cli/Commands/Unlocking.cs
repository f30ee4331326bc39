using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk.Store;

namespace Quicprochat.Cli.Commands;

/// <summary>Gets at what opens a profile: a passphrase that is typed or read from a file, or a key file. Never from the command line, where others could read it.</summary>
internal static class Unlocking
{
    private const int LengthMax = 1024;

    public static StoreKey ForExisting(UnlockingSources sources) => FromSources(sources) ?? Ask("Passphrase: ", twice: false);

    public static StoreKey ForNew(UnlockingSources sources) => FromSources(sources) ?? Ask("Choose a passphrase for this profile: ", twice: true);

    private static StoreKey? FromSources(UnlockingSources sources)
    {
        if (Settings.Find("key-file", sources.KeyFile) is { } key)
        {
            return key.StartsWith("systemd:", StringComparison.Ordinal) ? StoreKey.FromCredential(key["systemd:".Length..]) : StoreKey.FromFile(key);
        }
        return Settings.Find("passphrase-file", sources.PassphraseFile) is { } file ? FromFile(file) : null;
    }

    private static StoreKey FromFile(string file)
    {
        try
        {
            using Stream stream = file.StartsWith("fd:", StringComparison.Ordinal)
                ? new FileStream(new SafeFileHandle(int.Parse(file.AsSpan(3), CultureInfo.InvariantCulture), ownsHandle: false), FileAccess.Read)
                : File.OpenRead(file);
            using var reader = new StreamReader(stream);
            string? line = reader.ReadLine();
            return line is { Length: > 0 and <= LengthMax }
                ? StoreKey.FromPassphrase(line)
                : throw new UsageException($"{file} has no passphrase in its first line.", "Write the passphrase into its first line.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            throw new UsageException($"The passphrase cannot be read from {file}: {e.Message}", "Name a file that you may read, or fd:N for an open descriptor.");
        }
    }

    private static StoreKey Ask(string prompt, bool twice)
    {
        if (Console.IsInputRedirected)
        {
            throw new UsageException("A passphrase is needed, and there is no terminal to ask on.", "Name a file with --passphrase-file or QPC_PASSPHRASE_FILE, or use --key-file.");
        }
        while (true)
        {
            char[] first = SecretPrompt.Read(prompt);
            try
            {
                if (first.Length == 0)
                {
                    Console.Error.WriteLine("A passphrase has at least one character.");
                    continue;
                }
                if (twice && !Repeats(first))
                {
                    Console.Error.WriteLine("These two are not the same. Once more.");
                    continue;
                }
                return StoreKey.FromPassphrase(first);
            }
            finally
            {
                Array.Clear(first);
            }
        }
    }

    private static bool Repeats(char[] first)
    {
        char[] second = SecretPrompt.Read("The same again: ");
        bool same = first.AsSpan().SequenceEqual(second);
        Array.Clear(second);
        return same;
    }
}
