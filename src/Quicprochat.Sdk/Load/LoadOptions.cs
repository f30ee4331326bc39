namespace Quicprochat.Sdk.Load;

/// <summary>What to measure.</summary>
public sealed record LoadOptions
{
    /// <summary>The server, with its key.</summary>
    public required ServerAddress Server { get; init; }

    /// <summary>An invitation, where the server asks for one.</summary>
    public string? Invite { get; init; }

    /// <summary>Pairs of connections that talk at once, a measurement each.</summary>
    public IReadOnlyList<int> Pairs { get; init; } = [1, 50, 500];

    /// <summary>Pairs of whole clients that talk at once, a measurement each.</summary>
    public IReadOnlyList<int> MlsPairs { get; init; } = [1, 50];

    /// <summary>What all pairs of whole clients say together.</summary>
    public int MlsLines { get; init; } = 20_000;

    /// <summary>Members of a group, a measurement of fan-out each.</summary>
    public IReadOnlyList<int> Members { get; init; } = [10, 100, 500];

    /// <summary>How long each measurement lasts, after a fifth of it to warm up.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Messages on their way at once, of all pairs together.</summary>
    public int InFlight { get; init; } = 512;

    /// <summary>Bytes of a message.</summary>
    public int PayloadLength { get; init; } = 300;

    /// <summary>Messages a second while latency is measured.</summary>
    public int LatencyRate { get; init; } = 1_000;

    /// <summary>Connections, with authentication, while logins are measured.</summary>
    public int Logins { get; init; } = 500;
}
