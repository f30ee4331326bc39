namespace Quicprochat.Interop.Mls;

/// <summary>ts-mls from npm, an implementation of MLS by other people.</summary>
internal static class TsMls
{
    /// <summary>Starts it, or skips the test with the reason. Where CI runs everything must be there, so a skip would be a failure.</summary>
    public static LinePeer Start()
    {
        if (!TsMlsFolder.TryGet(out string folder, out string absence))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", $"ts-mls must be tried in CI, but {absence}");
            Assert.Skip($"ts-mls is not tried: {absence}");
        }
        return LinePeer.Start("node", Path.Combine(folder, "peer.mjs"));
    }
}
