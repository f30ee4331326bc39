namespace Quicprochat.Server.Storage;

/// <summary>How an upload of key packages ended.</summary>
internal enum UploadStatus
{
    /// <summary>All are there.</summary>
    Stored,

    /// <summary>It would be more than the bound.</summary>
    Full,

    /// <summary>The device is not on the newest list of its account.</summary>
    DeviceUnknown,
}
