namespace Quicprochat.Server.Storage;

/// <summary>A key package that is to be kept; it was checked.</summary>
/// <param name="CipherSuite">The suite.</param>
/// <param name="Bytes">An MLSMessage.</param>
/// <param name="ExpiresMs">Unix milliseconds: the end of its lifetime.</param>
/// <param name="IsLastResort">Handed out when there is no other, again and again.</param>
internal sealed record NewKeyPackage(int CipherSuite, ReadOnlyMemory<byte> Bytes, long ExpiresMs, bool IsLastResort);
