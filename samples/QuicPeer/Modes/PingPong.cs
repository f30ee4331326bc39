using System.Diagnostics;
using System.Globalization;
using Quicprochat.Transport;

namespace QuicPeer.Modes;

/// <summary>Small messages to and fro, each stream waiting for its answer before it sends the next.</summary>
internal static class PingPong
{
    private const int MessageSize = 64;

    public static async Task<string> RunAsync(Client client, int streams, TimeSpan duration)
    {
        await using QuicConnection connection = await client.DialAsync(Settings.Echo);
        long start = Stopwatch.GetTimestamp();
        List<double>[] each = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => PlayAsync(connection, start, duration)));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] micros = [.. each.SelectMany(static own => own).Order()];
        return string.Create(CultureInfo.InvariantCulture,
            $"pingpong streams={streams} msg/s {micros.Length / seconds:f0} p50us {micros[micros.Length / 2]:f1} p99us {micros[micros.Length * 99 / 100]:f1}");
    }

    private static async Task<List<double>> PlayAsync(QuicConnection connection, long start, TimeSpan duration)
    {
        await using QuicStream stream = await connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional);
        byte[] message = new byte[MessageSize];
        var micros = new List<double>();
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            long sent = Stopwatch.GetTimestamp();
            await stream.WriteAsync(message);
            await stream.ReadExactlyAsync(message);
            micros.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
        }
        stream.CompleteWrites();
        return micros;
    }
}
