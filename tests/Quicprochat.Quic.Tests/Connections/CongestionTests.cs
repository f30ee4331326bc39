namespace Quicprochat.Quic.Tests.Connections;

/// <summary>The window, the probes and the marks, as a whole connection uses them (RFC 9002 §6.2, §7; RFC 9000 §13.4).</summary>
public sealed class CongestionTests
{
    [Fact]
    public void Bytes_in_flight_never_exceed_the_window()
    {
        var pair = new Pair();
        Connection client = pair.Connect();
        pair.Run(() => client.IsConfirmed);
        Assert.True(client.TryOpenStream(StreamType.Unidirectional, out StreamId id));
        byte[] data = new byte[100_003];
        byte[] chunk = new byte[65_536];
        long excess = 0;
        pair.Filter = (_, bytes) =>
        {
            // Nothing is lost here, so there are no probes, which alone may go beyond.
            excess = Math.Max(excess, client.Statistics.BytesInFlight - client.Statistics.CongestionWindow);
            return bytes;
        };
        int sent = 0;
        pair.Run(() =>
        {
            client.Write(id, data.AsSpan(0, Math.Min(data.Length, 2_000_000 - sent)), finish: false, out int taken);
            sent += taken;
            while (pair.Accepted!.Read(pair.Now, id, chunk, out _, out _) == StreamReadStatus.Data)
            {
            }
            pair.Flush();
            return sent == 2_000_000;
        }, horizon: 30_000_000);
        Assert.Equal(2_000_000, sent);
        Assert.True(excess <= 0, $"{excess} bytes too many were in flight."); // RFC 9002 §7
    }

    [Fact]
    public void A_keep_alive_that_cannot_go_out_does_not_make_the_timer_spin()
    {
        var pair = new Pair();
        Connection client = pair.Connect(Pair.ClientOptions with { Transport = new TransportOptions { KeepAliveInterval = 2_000_000 } });
        pair.Run(() => client.IsConfirmed);
        pair.Run(horizon: 1_000_000);
        // The peer falls silent with the window full.
        pair.Filter = static (_, _) => null;
        Assert.True(client.TryOpenStream(StreamType.Unidirectional, out StreamId id));
        client.Write(id, new byte[900_000], finish: false, out _);
        pair.Flush();
        int wakes = 0;
        long end = pair.Now + 25_000_000;
        while (pair.Client.NextTimeout <= end && wakes < 10_000)
        {
            pair.Now = Math.Max(pair.Now, pair.Client.NextTimeout);
            pair.Client.HandleTimeout(pair.Now);
            pair.Flush();
            wakes++;
        }
        Assert.InRange(wakes, 1, 1_000);
    }

    [Fact]
    public void A_probe_repeats_what_is_missing_and_not_only_a_ping()
    {
        var pair = new Pair();
        int hellos = 0;
        pair.Filter = (toServer, bytes) =>
        {
            hellos += toServer ? bytes.Length : 0;
            return null;
        };
        Connection client = pair.Connect();
        pair.Flush();
        int first = hellos;
        pair.Run(horizon: 1_200_000);
        Assert.Null(client.CloseReason);
        Assert.True(hellos > first, "No probe was sent."); // RFC 9002 §6.2.4
        // The ClientHello with its hybrid share is longer than one datagram; the probes repeat it until it is whole.
        pair.Filter = static (_, bytes) => bytes;
        pair.Run(() => client.IsConfirmed, horizon: 4_000_000);
        Assert.True(client.IsConfirmed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void Marks_are_kept_up_when_datagrams_go_out_in_batches(int segments)
    {
        using var wire = new Wire(segments);
        wire.Transfer(500_000);
        Assert.True(wire.MarkedLate > 0, "The path carries every mark, yet marking has ended."); // RFC 9000 §13.4.2
    }

    [Fact]
    public void Marks_are_kept_up_after_a_challenge_was_answered()
    {
        using var wire = new Wire();
        wire.Transfer(100_000);
        wire.MoveClient();
        wire.Transfer(200_000);
        wire.Transfer(200_000);
        Assert.Equal(wire.ClientAddress, wire.Server.Path.Remote);
        Assert.True(wire.MarkedLate > 0, "The path carries every mark, yet marking has ended."); // RFC 9000 §13.4.2
    }
}
