namespace Quicprochat.Rpc.Framing;

/// <summary>The bounds of docs/protocol/frames.md.</summary>
public static class FrameLimits
{
    /// <summary>Longest payload in bytes.</summary>
    public const int PayloadMax = 4 << 20;

    internal const int RequestHeader = 14;

    internal const int ResponseHeader = 9;

    internal const int PushHeader = 6;
}
