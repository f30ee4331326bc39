using System.Diagnostics;
using System.Globalization;
using Quicprochat.Transport;

namespace QuicPeer.Modes;

/// <summary>Full handshakes, one after the other.</summary>
internal static class Handshakes
{
    public static async Task<string> RunAsync(Client client, int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            await using QuicConnection connection = await client.DialAsync(Settings.Echo);
        }
        return string.Create(CultureInfo.InvariantCulture, $"handshakes/s {count / Stopwatch.GetElapsedTime(start).TotalSeconds:f1}");
    }
}
