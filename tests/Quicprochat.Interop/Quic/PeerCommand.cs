namespace Quicprochat.Interop.Quic;

/// <summary>How to start a peer.</summary>
internal sealed record PeerCommand(string FileName, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The same peer with one more variable in its environment.</summary>
    public PeerCommand With(string name, string value) =>
        this with { Environment = new Dictionary<string, string>(Environment) { [name] = value } };
}
