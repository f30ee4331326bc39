namespace Quicprochat.Server.Storage;

/// <summary>What a device has in stock of a suite.</summary>
/// <param name="CipherSuite">The suite.</param>
/// <param name="Count">Single-use packages that are left.</param>
/// <param name="HasLastResort">A last-resort package is there.</param>
/// <param name="LastResortUsed">It was handed out since it came.</param>
internal readonly record struct StoredStock(int CipherSuite, int Count, bool HasLastResort, bool LastResortUsed);
