namespace Quicprochat.Server.Hosting;

/// <summary>The folder that holds all that a server keeps. It belongs to one name.</summary>
internal sealed class DataFolder
{
    private const string NameFile = "name";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private DataFolder(string path) => Path = path;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Makes the folder when it is not there, and tries whether it can be written.</summary>
    /// <exception cref="QpcServerException">It cannot be made or written.</exception>
    public static DataFolder Open(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
            }
            string probe = System.IO.Path.Combine(path, $"probe-{Environment.ProcessId}");
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
            return new DataFolder(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unusable(path, e);
        }
    }

    /// <summary>The name that goes with the folder: kept at the first start, and the same ever after, since every account's address ends with it.</summary>
    /// <exception cref="QpcServerException">The folder has another one.</exception>
    public string NameFor(string? wanted, Func<string> atFirst)
    {
        string file = System.IO.Path.Combine(Path, NameFile);
        try
        {
            if (!File.Exists(file))
            {
                string name = wanted ?? atFirst();
                WriteSecret(file, name + "\n");
                return name;
            }
            string kept = File.ReadAllText(file).Trim();
            return wanted is null || wanted == kept ? kept : throw new QpcServerException(
                QpcServerError.NameChanged,
                $"The data folder {Path} belongs to the server '{kept}', and the name asked for is '{wanted}'. Every account's address ends with the name: keep '{kept}', or begin with an empty folder.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(Path, e);
        }
    }

    /// <summary>32 random bytes that are made at the first start and kept.</summary>
    /// <exception cref="QpcServerException">The file cannot be read or written, or is something else.</exception>
    public byte[] KeyFor(string name)
    {
        const int Length = 32;
        string file = System.IO.Path.Combine(Path, name);
        try
        {
            if (!File.Exists(file))
            {
                WriteSecret(file, Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(Length)));
            }
            byte[] key = Convert.FromBase64String(File.ReadAllText(file));
            return key.Length == Length ? key : throw new FormatException($"{name} has {key.Length} bytes instead of {Length}; delete it, and a new one is made.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw Unusable(Path, e);
        }
    }

    /// <summary>Writes a file that only its owner may read: whole, or not at all.</summary>
    public static void WriteSecret(string file, string text)
    {
        string half = file + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }
        using (var stream = new FileStream(half, options))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        File.Move(half, file, overwrite: true);
    }

    public static QpcServerException Unusable(string path, Exception cause) => new(
        QpcServerError.DataFolderUnusable, $"The data folder {path} cannot be used: {cause.Message} Name a folder that the server's user may write to, on a disk with room.", cause);
}
