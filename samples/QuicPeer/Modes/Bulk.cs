using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Quicprochat.Transport;

namespace QuicPeer.Modes;

/// <summary>One stream as fast as it goes; the server answers how many bytes it got.</summary>
internal static class Bulk
{
    public static async Task<string> RunAsync(Client client, int bytes)
    {
        await using QuicConnection connection = await client.DialAsync(Settings.Sink);
        await using QuicStream stream = await connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional);
        byte[] buffer = new byte[64 << 10];
        long start = Stopwatch.GetTimestamp();
        for (int left = bytes; left > 0; left -= buffer.Length)
        {
            await stream.WriteAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)));
        }
        stream.CompleteWrites();
        byte[] answer = new byte[sizeof(long)];
        await stream.ReadExactlyAsync(answer);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return BinaryPrimitives.ReadInt64BigEndian(answer) == bytes
            ? string.Create(CultureInfo.InvariantCulture, $"bulk MB/s {bytes / 1e6 / seconds:f1}")
            : throw new InvalidDataException("The server did not get all bytes.");
    }
}
