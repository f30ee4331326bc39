using Quicprochat.Quic;

namespace Quicprochat.Transport.Loop;

/// <summary>The endpoint, as its loop sees it. Everything is called on the loop's thread.</summary>
internal interface ILoopOwner
{
    /// <summary>A peer's connection shows itself for the first time.</summary>
    QuicConnection HandleNew(Connection core);

    /// <summary>The loop ends: whatever is still open will not go on.</summary>
    void HandleEnd();
}
