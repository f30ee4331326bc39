namespace Quicprochat.Sdk.Store;

/// <summary>Why a store cannot be opened or written.</summary>
public enum StoreErrorCode
{
    /// <summary>There is no store in the folder.</summary>
    NotFound = 1,

    /// <summary>There is a store in the folder already.</summary>
    AlreadyExists = 2,

    /// <summary>The passphrase or key does not open the store.</summary>
    WrongKey = 3,

    /// <summary>The store is opened by a passphrase and a key was given, or the other way round.</summary>
    WrongKeyKind = 4,

    /// <summary>The key file or credential cannot be used.</summary>
    KeyFileUnusable = 5,

    /// <summary>The database is not what was written.</summary>
    Damaged = 6,

    /// <summary>A newer version of the program wrote the store.</summary>
    NewerVersion = 7,

    /// <summary>The folder or its files may not be written.</summary>
    ReadOnly = 8,

    /// <summary>The disk, or what may be used of it, is full.</summary>
    DiskFull = 9,

    /// <summary>Another process holds the store.</summary>
    InUse = 10,

    /// <summary>The disk failed to read or write.</summary>
    InputOutput = 11,
}
