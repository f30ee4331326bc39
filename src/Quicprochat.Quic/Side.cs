namespace Quicprochat.Quic;

/// <summary>Which end of a connection this is.</summary>
public enum Side
{
    /// <summary>The end that dialled.</summary>
    Client,

    /// <summary>The end that was dialled.</summary>
    Server,
}
