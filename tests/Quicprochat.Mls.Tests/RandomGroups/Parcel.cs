namespace Quicprochat.Mls.Tests.RandomGroups;

/// <summary>A proposal or commit on its way to one device.</summary>
/// <param name="Message">The bytes.</param>
/// <param name="Epoch">The epoch it was sent in.</param>
/// <param name="IsCommit">Whether it ends that epoch.</param>
internal sealed record Parcel(byte[] Message, ulong Epoch, bool IsCommit);
