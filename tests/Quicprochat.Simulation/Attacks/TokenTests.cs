using System.Net;
using Quicprochat.Crypto;
using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Attacks;

/// <summary>Class 2: Retry, tokens and Version Negotiation, against the server and against the client.</summary>
public sealed class TokenTests
{
    private static readonly ServerSceneOptions _withRetry = new() { Endpoint = new EndpointOptions { Retry = RetryPolicy.Always } };

    [Fact]
    public void A_retry_leaves_nothing_behind_at_the_server() => ServerScene.Run(
        _withRetry with { Peer = new ScriptedPeerOptions { Token = null } },
        scene =>
        {
            scene.Peer.Start();
            scene.World.RunFor(SimClock.Second);

            Assert.Contains(scene.Packets, p => p.Kind == WirePacketKind.Retry && p.SentTo == scene.Peer.Address);
            Assert.Equal(1, scene.Server.Endpoint.ConnectionCount);
        });

    [Fact]
    public void A_retry_token_lets_its_client_in() => ServerScene.Run(_withRetry, scene =>
    {
        scene.Establish();
        scene.ExpectAlive();
    });

    [Fact]
    public void A_changed_retry_token_is_an_invalid_token() => ServerScene.Run(
        _withRetry with { Peer = new ScriptedPeerOptions { Token = token => Changed(token) } },
        scene =>
        {
            scene.Peer.Start();
            ExpectTokenRefused(scene);
        });

    [Fact]
    public void A_retry_token_from_another_address_does_not_let_in() => ServerScene.Run(
        _withRetry with { Peer = new ScriptedPeerOptions { RunsHandshake = false, Token = null } },
        scene =>
        {
            scene.Peer.Start();
            scene.World.RunFor(100 * SimClock.Millisecond);
            byte[] retry = scene.Peer.Datagrams[0];
            Assert.True(LongHeader.TryRead(retry, out LongHeader header));

            using var thief = new ScriptedPeer(scene.World, Side.Client, Address.From(IPAddress.Parse("192.0.2.200"), 2_000), scene.Server.Address);
            thief.Token = header.Token.ToArray();
            thief.Start();
            scene.World.RunFor(2 * SimClock.Second);

            Assert.False(thief.IsComplete);
        });

    [Fact]
    public void A_retry_token_that_is_too_old_does_not_let_in() => ServerScene.Run(
        _withRetry with { Peer = new ScriptedPeerOptions { RunsHandshake = false, Token = null } },
        scene =>
        {
            scene.Peer.Start();
            scene.World.RunFor(100 * SimClock.Millisecond);
            Assert.True(LongHeader.TryRead(scene.Peer.Datagrams[0], out LongHeader header));
            byte[] token = header.Token.ToArray();
            scene.Peer.PeerId = header.Source;

            scene.World.RunFor(60 * SimClock.Second);
            using var late = new ScriptedPeer(scene.World, Side.Client, Address.From(IPAddress.Parse("192.0.2.66"), 6_666), scene.Server.Address, new ScriptedPeerOptions { Token = null });
            late.Token = token;
            late.Start();
            scene.World.RunFor(2 * SimClock.Second);

            Assert.False(late.IsComplete);
        });

    [Fact]
    public void A_token_that_is_not_ours_is_no_token() => ServerScene.Run(new ServerSceneOptions(), scene =>
    {
        // It may be one of NEW_TOKEN, from a server before: RFC 9000 §8.1.3 takes an invalid one as none.
        scene.Peer.Token = RandomBytes(scene, 64);
        scene.Establish();
        scene.ExpectAlive();
    });

    [Fact]
    public void A_client_drops_a_retry_with_a_wrong_tag()
    {
        int retries = 0;
        ClientScene.Run(new ScriptedPeerOptions { FirstInitial = (peer, initial) => retries++ == 0 && SendRetry(peer, initial, Random(peer, 8), Random(peer, 20), wrongTag: true) }, scene =>
        {
            // Only its probe timer brings the client back, without a token.
            scene.Establish();
            Assert.DoesNotContain(scene.Observer.From(Side.Client), p => p.Token.Length > 0);
        });
    }

    [Fact]
    public void A_client_drops_a_retry_that_gives_it_the_id_it_chose()
    {
        int retries = 0;
        ClientScene.Run(new ScriptedPeerOptions { FirstInitial = (peer, initial) => retries++ == 0 && SendRetry(peer, initial, Bytes(initial.Destination), Random(peer, 20)) }, scene =>
        {
            scene.Establish(); // RFC 9000 §17.2.5.1
            Assert.DoesNotContain(scene.Observer.From(Side.Client), p => p.Token.Length > 0);
        });
    }

    [Fact]
    public void A_client_takes_only_one_retry()
    {
        byte[] first = [1, 1, 1, 1];
        bool Twice(ScriptedPeer peer, LongHeaderSummary initial)
        {
            if (!initial.Token.IsEmpty)
            {
                return false;
            }
            if (peer.RetrySource is not null)
            {
                // The second datagram of the same ClientHello.
                return true;
            }
            peer.RetrySource = ConnectionId.From(Random(peer, 8));
            return SendRetry(peer, initial, Bytes(peer.RetrySource.Value), first) && SendRetry(peer, initial, Random(peer, 8), [2, 2, 2, 2]);
        }

        ClientScene.Run(new ScriptedPeerOptions { FirstInitial = Twice }, scene =>
        {
            scene.Establish(); // RFC 9000 §17.2.5.2
            Assert.All(scene.Observer.From(Side.Client).Where(p => p.Token.Length > 0), p => Assert.Equal(first, p.Token.ToArray()));
        });
    }

    [Fact]
    public void A_client_drops_a_retry_after_a_packet_it_could_open() => ClientScene.Run(scene =>
    {
        scene.Establish();
        SendRetry(scene.Peer, new LongHeaderSummary(scene.Peer.OriginalDestination, scene.Peer.PeerId, default), Random(scene.Peer, 8), [1, 2, 3]);
        scene.ExpectAlive(); // RFC 9000 §17.2.5.2
    });

    [Fact]
    public void A_server_that_does_not_own_up_to_its_retry_is_refused()
    {
        bool RetryAndForget(ScriptedPeer peer, LongHeaderSummary initial)
        {
            if (!initial.Token.IsEmpty)
            {
                return false;
            }
            if (peer.RetrySource is not null)
            {
                // The second datagram of the same ClientHello.
                return true;
            }
            peer.RetrySource = ConnectionId.From(Random(peer, 8));
            return SendRetry(peer, initial, Bytes(peer.RetrySource.Value), [1, 2, 3]);
        }

        ClientScene.Run(new ScriptedPeerOptions { FirstInitial = RetryAndForget, RewriteParameters = p => ParameterSurgery.Without(p, 0x10) }, scene =>
            scene.ExpectClose(TransportErrorCode.TransportParameterError)); // RFC 9000 §7.3
    }

    [Fact]
    public void A_retry_that_was_never_sent_is_refused() => ClientScene.Run(
        new ScriptedPeerOptions { RewriteParameters = p => [.. p, .. Forge.Parameter(0x10, [1, 2, 3, 4, 5, 6, 7, 8])] },
        scene => scene.ExpectClose(TransportErrorCode.TransportParameterError)); // RFC 9000 §7.3

    [Fact]
    public void Another_original_destination_connection_id_is_refused() => ClientScene.Run(
        new ScriptedPeerOptions { RewriteParameters = p => ParameterSurgery.With(p, 0x00, [1, 2, 3, 4, 5, 6, 7, 8]) },
        scene => scene.ExpectClose(TransportErrorCode.TransportParameterError)); // RFC 9000 §7.3

    private static void ExpectTokenRefused(ServerScene scene)
    {
        scene.World.RunFor(2 * SimClock.Second);
        Assert.False(scene.Peer.IsComplete);
        Assert.Equal(TransportErrorCode.InvalidToken, (TransportErrorCode)scene.Peer.Close!.Code); // RFC 9000 §8.1.2
        Assert.Equal(1, scene.Server.Endpoint.ConnectionCount);
    }

    private static ReadOnlyMemory<byte> Changed(ReadOnlyMemory<byte> token)
    {
        byte[] changed = token.ToArray();
        changed[^1] ^= 1;
        return changed;
    }

    private static bool SendRetry(ScriptedPeer peer, LongHeaderSummary initial, byte[] source, byte[] token, bool wrongTag = false)
    {
        byte[] buffer = new byte[256];
        var writer = new Writer(buffer);
        var header = new LongHeader { Type = LongPacketType.Retry, Destination = initial.Source, Source = ConnectionId.From(source), Token = token };
        RetryIntegrity.Write(CryptoProvider.Native, header, initial.Destination, 0, ref writer);
        byte[] packet = writer.Written.ToArray();
        packet[^1] ^= (byte)(wrongTag ? 1 : 0);
        peer.SendDatagram(packet);
        return true;
    }

    private static byte[] Bytes(ConnectionId id)
    {
        byte[] bytes = new byte[id.Length];
        id.CopyTo(bytes);
        return bytes;
    }

    private static byte[] Random(ScriptedPeer peer, int count)
    {
        byte[] bytes = new byte[count];
        peer.Random.Fill(bytes);
        return bytes;
    }

    private static byte[] RandomBytes(ServerScene scene, int count) => Random(scene.Peer, count);
}
