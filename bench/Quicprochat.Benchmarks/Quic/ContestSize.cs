namespace Quicprochat.Benchmarks.Quic;

/// <summary>How much of everything is measured.</summary>
internal sealed record ContestSize(int Rounds, int BulkBytes, int Handshakes, int CallSeconds, int IdleConnections)
{
    public static ContestSize Full { get; } = new(Rounds: 3, BulkBytes: 500_000_000, Handshakes: 1000, CallSeconds: 3, IdleConnections: 1000);

    public static ContestSize Quick { get; } = new(Rounds: 1, BulkBytes: 100_000_000, Handshakes: 200, CallSeconds: 1, IdleConnections: 200);
}
