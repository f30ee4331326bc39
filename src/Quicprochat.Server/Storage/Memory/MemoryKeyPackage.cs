namespace Quicprochat.Server.Storage.Memory;

/// <summary>A key package that came.</summary>
/// <param name="package">It.</param>
internal sealed class MemoryKeyPackage(NewKeyPackage package)
{
    /// <summary>It.</summary>
    public NewKeyPackage Package { get; } = package;

    /// <summary>It was handed out.</summary>
    public bool IsTaken { get; set; }

    /// <summary>True while it can be handed out as a single-use package.</summary>
    public bool IsInStock(int suite, long nowMs) => !IsTaken && Package.CipherSuite == suite && Package.ExpiresMs > nowMs;
}
