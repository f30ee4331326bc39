namespace Quicprochat.Server.Storage;

/// <summary>How an upload of key packages ended.</summary>
/// <param name="Status">Unless it is <see cref="UploadStatus.Stored"/>, nothing of the upload was kept.</param>
/// <param name="Stock">What the device has now.</param>
internal sealed record UploadResult(UploadStatus Status, IReadOnlyList<StoredStock> Stock);
