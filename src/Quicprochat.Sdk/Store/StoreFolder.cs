using System.Globalization;
using Quicprochat.Sdk.Store.Sqlite;

namespace Quicprochat.Sdk.Store;

/// <summary>The folder of a profile, held by one process at a time.</summary>
internal sealed class StoreFolder : IDisposable
{
    /// <summary>Name of the database.</summary>
    public const string DatabaseName = "store.db";

    private const string LockName = "store.lock";
    private const string ProcessName = "store.pid";
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode700 = FileMode600 | UnixFileMode.UserExecute;

    private readonly string _path;
    private readonly FileStream _lock;

    private StoreFolder(string path, FileStream held) => (_path, _lock) = (path, held);

    public string DatabasePath => Path.Combine(_path, DatabaseName);

    /// <summary>True when a folder has a database, finished or not.</summary>
    public static bool HasDatabase(string path) => new FileInfo(Path.Combine(path, DatabaseName)) is { Exists: true, Length: > 0 };

    /// <summary>Throws when a folder may not even be looked into; then nobody knows whether there is a database.</summary>
    public static void RequireReadable(string path) => Guard(() => Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any());

    /// <summary>Makes a folder that only its owner can look into.</summary>
    public static void Create(string path) => Guard(() =>
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else if (Directory.Exists(path))
        {
            File.SetUnixFileMode(path, FolderMode700);
        }
        else
        {
            Directory.CreateDirectory(path, FolderMode700);
        }
        return true;
    });

    /// <summary>Holds a folder until it is disposed, or the process ends however it does.</summary>
    /// <exception cref="StoreException">Another process holds it, or it cannot be written.</exception>
    public static StoreFolder Hold(string path) => Guard(() =>
    {
        FileStream held;
        try
        {
            held = Open(Path.Combine(path, LockName));
        }
        catch (IOException exception) when (IsLocked(exception))
        {
            throw InUse(path);
        }
        var folder = new StoreFolder(path, held);
        try
        {
            File.Delete(folder.ProcessPath);
            using FileStream process = Open(folder.ProcessPath);
            process.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    });

    /// <summary>Makes the database's file, if there is none, so that nobody else can read it; SQLite gives its log the same rights.</summary>
    public void CreateDatabase() => Guard(() =>
    {
        using FileStream file = Open(DatabasePath);
        return true;
    });

    public void Dispose() => _lock.Dispose();

    private string ProcessPath => Path.Combine(_path, ProcessName);

    private static FileStream Open(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode600;
        }
        return new FileStream(path, options);
    }

    // EWOULDBLOCK of flock and ERROR_SHARING_VIOLATION; other failures of the disk keep their name.
    private static bool IsLocked(IOException exception) =>
        OperatingSystem.IsWindows() ? (exception.HResult & 0xffff) == 32 : exception.HResult is 11 or 35;

    private static StoreException InUse(string path)
    {
        string holder = "another process";
        try
        {
            holder = $"process {File.ReadAllText(Path.Combine(path, ProcessName))}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It holds the folder and has not yet said who it is.
        }
        return new StoreException(StoreErrorCode.InUse, $"The store in {path} is held by {holder}.", "End it, or use another profile.");
    }

    private static T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new StoreException(StoreErrorCode.NotFound, exception.Message, "Check the path.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw SqliteErrors.ReadOnly(exception.Message);
        }
        catch (IOException exception) when (IsReadOnly(exception))
        {
            throw SqliteErrors.ReadOnly(exception.Message);
        }
        catch (IOException exception) when (IsFull(exception))
        {
            throw SqliteErrors.DiskFull();
        }
        catch (IOException exception)
        {
            throw new StoreException(StoreErrorCode.InputOutput, exception.Message, "Check the disk and the system's log.", exception);
        }
    }

    // ENOSPC and ERROR_DISK_FULL.
    private static bool IsFull(IOException exception) => OperatingSystem.IsWindows() ? (exception.HResult & 0xffff) == 112 : exception.HResult == 28;

    // EROFS.
    private static bool IsReadOnly(IOException exception) => !OperatingSystem.IsWindows() && exception.HResult == 30;
}
