namespace Quicprochat.Quic.Tests.Connections;

/// <summary>When this end may update its keys (RFC 9001 §6.1, §6.5), and that a packet of either phase is read.</summary>
public sealed class KeyTests
{
    [Fact]
    public void Keys_are_not_updated_before_the_handshake_is_confirmed()
    {
        var pair = new Pair();
        Connection client = pair.Connect();
        pair.Run(() => client.IsHandshakeComplete);
        Assert.False(client.IsConfirmed);
        Assert.False(client.TryUpdateKeys()); // RFC 9001 §6.1
        pair.Run(() => client.IsConfirmed);
        pair.Run(horizon: 200_000);
        Assert.True(client.TryUpdateKeys());
    }

    [Fact]
    public void Keys_are_not_updated_again_before_the_last_update_was_acknowledged_and_the_old_keys_are_gone()
    {
        var pair = new Pair();
        Connection client = pair.Connect();
        pair.Run(() => client.IsConfirmed);
        pair.Run(horizon: 200_000);
        Assert.True(client.TryUpdateKeys());
        Assert.False(client.TryUpdateKeys()); // RFC 9001 §6.1
        pair.Run(horizon: 2_000_000);
        Assert.True(client.TryUpdateKeys()); // RFC 9001 §6.5
        pair.Run(horizon: 2_000_000);
        Assert.Equal(2, client.Statistics.KeyUpdates);
        Assert.Equal(2, pair.Accepted!.Statistics.KeyUpdates);
        Assert.Null(client.CloseReason);
    }

    [Fact]
    public void Updates_of_both_ends_at_once_are_one()
    {
        var pair = new Pair();
        Connection client = pair.Connect();
        pair.Run(() => client.IsConfirmed);
        pair.Run(horizon: 200_000);
        Assert.True(client.TryUpdateKeys());
        Assert.True(pair.Accepted!.TryUpdateKeys());
        pair.Run(horizon: 2_000_000);
        Assert.Equal((1, 1), (client.Statistics.KeyUpdates, pair.Accepted.Statistics.KeyUpdates));
        Assert.Null(client.CloseReason);
        Assert.Null(pair.Accepted.CloseReason);
    }
}
