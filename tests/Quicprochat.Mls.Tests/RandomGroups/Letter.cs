namespace Quicprochat.Mls.Tests.RandomGroups;

/// <summary>An application message on its way to one device.</summary>
/// <param name="Message">The bytes.</param>
/// <param name="Text">What it says; no two say the same.</param>
/// <param name="Epoch">The epoch it was sent in.</param>
internal sealed record Letter(byte[] Message, string Text, ulong Epoch);
