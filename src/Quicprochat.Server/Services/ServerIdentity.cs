namespace Quicprochat.Server.Services;

/// <summary>Who the server is to its clients.</summary>
/// <param name="Name">Behind the @ of its accounts.</param>
/// <param name="KeyHash">SHA-256 of the SubjectPublicKeyInfo of its certificate.</param>
internal sealed record ServerIdentity(string Name, ReadOnlyMemory<byte> KeyHash);
