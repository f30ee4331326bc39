namespace Quicprochat.Quic.Tests.Connections;

/// <summary>The end of a connection at both ends (RFC 9000 §10.2).</summary>
public sealed class CloseTests
{
    [Fact]
    public void The_peer_learns_the_applications_code_and_words()
    {
        (Pair pair, Connection client) = Established();
        client.Close(pair.Now, 0x77, "enough");
        pair.Run(() => pair.Accepted!.CloseReason is not null);
        Assert.Equal(new ConnectionClose(CloseKind.PeerApplication, 0x77, 0, "enough"), pair.Accepted!.CloseReason);
    }

    [Fact]
    public void A_closing_end_repeats_its_close_less_and_less_often()
    {
        using var forger = new Forger();
        forger.Server.Close(forger.Pair.Now, 1, "");
        Assert.Single(forger.Take());
        int answers = 0;
        for (int i = 0; i < 64; i++)
        {
            forger.Send(Frame.Ping);
            answers += forger.Take().Count;
        }
        Assert.InRange(answers, 1, 7); // RFC 9000 §10.2.1
    }

    [Fact]
    public void A_draining_end_sends_nothing()
    {
        using var forger = new Forger();
        forger.Send([0x1d, 0x05, 0x00]); // CONNECTION_CLOSE of the application
        Assert.Equal(CloseKind.PeerApplication, forger.Server.CloseReason?.Kind);
        for (int i = 0; i < 20; i++)
        {
            forger.Send(Frame.Ping);
        }
        Assert.Empty(forger.Take()); // RFC 9000 §10.2.2
    }

    [Fact]
    public void Both_ends_forget_the_connection_after_three_probe_timeouts()
    {
        (Pair pair, Connection client) = Established();
        client.Close(pair.Now, 0, "");
        pair.Flush();
        Assert.Equal(1, pair.Client.ConnectionCount); // It lingers (RFC 9000 §10.2).
        pair.Run(horizon: 3_000_000);
        Assert.Equal(0, pair.Client.ConnectionCount + pair.Server.ConnectionCount);
    }

    [Fact]
    public void Before_the_handshake_is_confirmed_an_application_close_hides_its_code()
    {
        var pair = new Pair();
        Connection client = pair.Connect();
        pair.Run(() => pair.Accepted is not null);
        client.Close(pair.Now, 0x77, "secret words");
        pair.Run(() => pair.Accepted!.CloseReason is not null);
        Assert.Equal(CloseKind.PeerTransport, pair.Accepted!.CloseReason!.Kind);
        Assert.Equal((long)TransportErrorCode.ApplicationError, pair.Accepted.CloseReason.Code); // RFC 9000 §10.2.3
        Assert.Empty(pair.Accepted.CloseReason.Reason);
    }

    [Fact]
    public void Sending_alone_does_not_hold_a_connection_open()
    {
        (Pair pair, Connection client) = Established();
        pair.Filter = static (_, _) => null;
        long start = pair.Now;
        while (client.CloseReason is null && pair.Now < start + 60_000_000)
        {
            client.Ping();
            pair.Run(() => client.CloseReason is not null, horizon: 1_000_000);
            pair.Now = Math.Max(pair.Now, start) + 100_000;
        }
        Assert.Equal(CloseKind.IdleTimeout, client.CloseReason?.Kind);
        Assert.InRange(pair.Now - start, 29_000_000, 33_000_000); // RFC 9000 §10.1
    }

    private static (Pair Pair, Connection Client) Established()
    {
        var pair = new Pair();
        Connection client = pair.Connect();
        pair.Run(() => client.IsConfirmed);
        pair.Run(horizon: 200_000);
        return (pair, client);
    }
}
