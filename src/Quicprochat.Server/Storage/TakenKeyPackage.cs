namespace Quicprochat.Server.Storage;

/// <summary>A key package that was handed out.</summary>
/// <param name="Device">Whose it is.</param>
/// <param name="Bytes">An MLSMessage.</param>
/// <param name="IsLastResort">It may have been handed out before.</param>
/// <param name="CountLeft">Single-use packages of the suite that the device has left.</param>
internal sealed record TakenKeyPackage(DeviceId Device, ReadOnlyMemory<byte> Bytes, bool IsLastResort, int CountLeft);
