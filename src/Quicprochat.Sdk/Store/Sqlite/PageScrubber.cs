using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Quicprochat.Sdk.Store.Sqlite;

/// <summary>
/// Zeroes what SQLite's secure_delete leaves over: when it balances a tree it moves rows between pages, and their old copies stay in the part of
/// a page that is not in use. SQLite never reads that part, so it may be zeroed behind its back. Of interest are the pages that changed,
/// which are those in the write-ahead log.
/// </summary>
internal sealed class PageScrubber : IDisposable
{
    private const int LogHeaderSize = 32;
    private const int FrameHeaderSize = 24;

    private readonly string _logPath;
    private readonly byte[] _page;

    // Kept open as long as the database: POSIX lets go of all locks on a file, SQLite's too, when any handle of the process on it is closed.
    private readonly SafeFileHandle _database;

    public PageScrubber(string path, int pageSize)
    {
        _logPath = path + "-wal";
        _page = new byte[pageSize];
        _database = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>The pages in the write-ahead log.</summary>
    public HashSet<uint> ChangedPages()
    {
        HashSet<uint> pages = [];
        if (!File.Exists(_logPath))
        {
            return pages;
        }
        using SafeFileHandle log = File.OpenHandle(_logPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        long length = RandomAccess.GetLength(log);
        Span<byte> number = stackalloc byte[sizeof(uint)];
        for (long frame = LogHeaderSize; frame + FrameHeaderSize <= length; frame += FrameHeaderSize + _page.Length)
        {
            if (RandomAccess.Read(log, number, frame) == number.Length)
            {
                pages.Add(BinaryPrimitives.ReadUInt32BigEndian(number));
            }
        }
        return pages;
    }

    /// <summary>Zeroes the unused part of those pages in the database, where the log must have been copied to before.</summary>
    public void Scrub(HashSet<uint> pages)
    {
        bool changed = false;
        foreach (uint page in pages)
        {
            changed |= page > 0 && Scrub((page - 1L) * _page.Length, page == 1);
        }
        if (changed)
        {
            RandomAccess.FlushToDisk(_database);
        }
    }

    public void Dispose() => _database.Dispose();

    private bool Scrub(long offset, bool isFirst)
    {
        if (RandomAccess.Read(_database, _page, offset) != _page.Length || !TryFindUnused(_page, isFirst, out Range unused))
        {
            return false;
        }
        Span<byte> bytes = _page.AsSpan(unused);
        if (bytes.IndexOfAnyExcept((byte)0) < 0)
        {
            return false;
        }
        bytes.Clear();
        RandomAccess.Write(_database, bytes, offset + unused.Start.Value);
        return true;
    }

    /// <summary>The bytes between the cell pointers and the first cell (SQLite file format, "B-tree Pages"); false for a page of another kind.</summary>
    private static bool TryFindUnused(ReadOnlySpan<byte> page, bool isFirst, out Range unused)
    {
        unused = default;
        int header = isFirst ? 100 : 0;
        int headerSize = page[header] switch
        {
            2 or 5 => 12, // interior
            10 or 13 => 8, // leaf
            _ => 0,
        };
        if (headerSize == 0)
        {
            return false;
        }
        int cells = BinaryPrimitives.ReadUInt16BigEndian(page[(header + 3)..]);
        int content = BinaryPrimitives.ReadUInt16BigEndian(page[(header + 5)..]);
        int pointersEnd = header + headerSize + (2 * cells);
        if (content <= pointersEnd || content > page.Length)
        {
            return false;
        }
        unused = pointersEnd..content;
        return true;
    }
}
