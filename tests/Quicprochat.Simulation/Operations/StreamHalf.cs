namespace Quicprochat.Simulation.Operations;

/// <summary>What both applications know of one direction of one stream: what was written, and what must therefore be read.</summary>
internal sealed class StreamHalf
{
    /// <summary>Bytes the sender's connection took.</summary>
    public long Written { get; set; }

    /// <summary>The sender ended it behind <see cref="Written"/>.</summary>
    public bool Finished { get; set; }

    /// <summary>The sender reset it with this code, itself or because it was asked to stop.</summary>
    public long? ResetCode { get; set; }

    /// <summary>The sender's connection said that all was acknowledged.</summary>
    public bool Acknowledged { get; set; }

    /// <summary>Bytes read.</summary>
    public long Read { get; set; }

    /// <summary>The reader saw the end or the reset.</summary>
    public bool Ended { get; set; }

    /// <summary>The reader asked to stop with this code, and reads no more.</summary>
    public long? StopCode { get; set; }

    /// <summary>Nothing more will be written.</summary>
    public bool IsWritten => Finished || ResetCode is not null;

    /// <summary>Nothing more will be read.</summary>
    public bool IsRead => Ended || StopCode is not null;

    public override string ToString() => $"written {Written}{(Finished ? " fin" : "")} reset {ResetCode} acked {Acknowledged}; read {Read}{(Ended ? " ended" : "")} stop {StopCode}";
}
