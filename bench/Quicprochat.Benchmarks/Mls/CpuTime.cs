namespace Quicprochat.Benchmarks.Mls;

/// <summary>CPU milliseconds of one call.</summary>
/// <param name="Median">The median of the batches.</param>
/// <param name="Least">The least of them.</param>
internal readonly record struct CpuTime(double Median, double Least);
