namespace Quicprochat.Server.Storage;

/// <summary>An invitation to register. Only the hash of its code is kept.</summary>
/// <param name="CodeHash">SHA-256 of the code.</param>
/// <param name="Uses">Accounts that may be made with it.</param>
/// <param name="ExpiresMs">Unix milliseconds.</param>
internal sealed record Invite(Digest CodeHash, int Uses, long ExpiresMs);
