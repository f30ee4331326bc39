using Quicprochat.Transport;

namespace QuicPeer.Modes;

/// <summary>Many streams at once, each with a pattern of its own that must come back unchanged.</summary>
internal static class Echo
{
    public static async Task<string> RunAsync(Client client, int streams, int bytes)
    {
        await using QuicConnection connection = await client.DialAsync(Settings.Echo);
        await Task.WhenAll(Enumerable.Range(0, streams).Select(number => EchoAsync(connection, number, bytes)));
        return $"ok echo streams={streams} bytes={bytes}";
    }

    /// <summary>Sends the pattern of stream <paramref name="number"/> and compares what comes back.</summary>
    public static async Task EchoAsync(QuicConnection connection, int number, int bytes)
    {
        await using QuicStream stream = await connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional);
        byte[] sent = Pattern(number, bytes);
        Task sending = stream.WriteAsync(sent, completeWrites: true).AsTask();
        byte[] received = new byte[bytes];
        int count = await stream.ReadAtLeastAsync(received, bytes, throwOnEndOfStream: false);
        bool ended = await stream.ReadAsync(new byte[1]) == 0;
        await sending;
        if (count != bytes || !ended || !received.AsSpan().SequenceEqual(sent))
        {
            throw new InvalidDataException($"stream {number}: {count} of {bytes} bytes, or other ones");
        }
    }

    /// <summary>The pattern that all peers use: the stream's number and two marks, over and over.</summary>
    public static byte[] Pattern(int number, int bytes)
    {
        byte[] pattern = new byte[bytes];
        for (int i = 0; i < bytes; i++)
        {
            pattern[i] = (i & 3) switch
            {
                0 => (byte)number,
                1 => (byte)(number >> 8),
                2 => 0x5a,
                _ => 0xa5,
            };
        }
        return pattern;
    }
}
