using System.Security.Cryptography;

namespace Quicprochat.Mls.Groups;

/// <summary>
/// Two commits for one epoch: only one can be taken (RFC 9420 §14). A delivery service that puts commits in order decides by
/// its order. Where there is none, everyone can decide alike by this rule: the commit whose SHA-256 hash is lower wins.
/// </summary>
public static class CommitRace
{
    /// <summary>The name of a commit: the SHA-256 hash of the message as it travels.</summary>
    public static byte[] NameOf(ReadOnlySpan<byte> commit) => SHA256.HashData(commit);

    /// <summary>True when the first of two commits of the same epoch wins.</summary>
    public static bool FirstWins(ReadOnlySpan<byte> firstName, ReadOnlySpan<byte> secondName) => firstName.SequenceCompareTo(secondName) <= 0;
}
