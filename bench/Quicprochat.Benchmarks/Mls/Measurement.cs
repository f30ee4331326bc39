namespace Quicprochat.Benchmarks.Mls;

/// <summary>One row of the table.</summary>
/// <param name="Operation">What was done: add, join, create, process, load, protect or unprotect.</param>
/// <param name="Size">Members in the group.</param>
/// <param name="Kind">cold when all were added in one commit, warm when every member has committed since; and who commits, where it matters.</param>
/// <param name="Time">CPU time of one.</param>
/// <param name="Bytes">Bytes of the message that was made or read.</param>
internal sealed record Measurement(string Operation, int Size, string Kind, CpuTime Time, int Bytes);
