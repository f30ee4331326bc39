namespace Quicprochat.Server.Storage;

/// <summary>One version of an account's device list, in the bytes that were signed.</summary>
/// <param name="Version">Counts from 1.</param>
/// <param name="List">A <c>DeviceList</c>.</param>
/// <param name="Signature">The account key's signature.</param>
internal sealed record SignedList(long Version, ReadOnlyMemory<byte> List, ReadOnlyMemory<byte> Signature);
