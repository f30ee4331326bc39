namespace Quicprochat.Benchmarks.Quic;

/// <summary>One part of the work.</summary>
/// <param name="Name">What it does, and of what.</param>
/// <param name="Action">Does it.</param>
/// <param name="Each">How often one call of the action does it.</param>
/// <param name="OtherThreads">True when other threads take part: the CPU time of the whole process counts.</param>
internal sealed record Part(string Name, Action Action, int Each = 1, bool OtherThreads = false);
