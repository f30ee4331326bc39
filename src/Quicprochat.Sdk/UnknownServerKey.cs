namespace Quicprochat.Sdk;

/// <summary>A server whose certificate does not validate for its name, and whose key nobody named. The user decides.</summary>
/// <param name="Address">Where, with the key the server shows: what to write down when it is right.</param>
public sealed record UnknownServerKey(ServerAddress Address);
