namespace Quicprochat.Server.Storage;

/// <summary>Why the store cannot do its work.</summary>
internal enum StorageFault
{
    /// <summary>The data was written by a newer version of the server.</summary>
    NewerVersion,

    /// <summary>The file is not a database, or is damaged.</summary>
    Damaged,

    /// <summary>The folder or file cannot be written.</summary>
    ReadOnly,

    /// <summary>No space left.</summary>
    DiskFull,

    /// <summary>Somebody else holds the database for too long.</summary>
    Busy,

    /// <summary>The disk or file system gave an error.</summary>
    InputOutput,

    /// <summary>The store is closed.</summary>
    Closed,

    /// <summary>A bug: the database refused a statement.</summary>
    Internal,
}
