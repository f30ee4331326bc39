namespace Quicprochat.Server.Hosting;

/// <summary>Why a server cannot start.</summary>
public enum QpcServerError
{
    /// <summary>The options contradict each other, or say what cannot be.</summary>
    OptionsInvalid,

    /// <summary>The data folder cannot be made, read or written.</summary>
    DataFolderUnusable,

    /// <summary>The data folder belongs to a server of another name.</summary>
    NameChanged,

    /// <summary>The certificate or its key cannot be read, or they do not belong together.</summary>
    CertificateUnusable,

    /// <summary>The port is taken.</summary>
    AddressInUse,

    /// <summary>The address is not this machine's, or the port may not be used.</summary>
    AddressUnusable,

    /// <summary>The database was written by a newer version.</summary>
    DatabaseNewer,

    /// <summary>The database is damaged.</summary>
    DatabaseDamaged,

    /// <summary>The database cannot be opened: the disk is full, or may not be written.</summary>
    DatabaseUnusable,
}
