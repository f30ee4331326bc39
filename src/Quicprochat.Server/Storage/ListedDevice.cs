namespace Quicprochat.Server.Storage;

/// <summary>A device as the newest list of its account has it.</summary>
/// <param name="Id">16 bytes.</param>
/// <param name="Key">Ed25519.</param>
/// <param name="NotBefore">Unix seconds.</param>
/// <param name="NotAfter">Unix seconds.</param>
internal sealed record ListedDevice(DeviceId Id, ReadOnlyMemory<byte> Key, long NotBefore, long NotAfter);
