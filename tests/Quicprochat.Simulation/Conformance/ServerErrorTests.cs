using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Peers;
using Quicprochat.Simulation.Wire;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Conformance;

/// <summary>
/// The error cases of h3spec's QUIC part against our server, and their neighbours in RFC 9000. Each is an offence of an otherwise good client.
/// Not here: CRYPTO in 0-RTT (no 0-RTT keys exist, so such a packet is never opened; see <see cref="Packets_of_0_rtt_are_dropped"/>), and the HTTP/3 and QPACK part.
/// </summary>
public sealed class ServerErrorTests
{
    private const long Window = 1 << 18;

    /// <summary>The client's first unidirectional stream, of which the server only receives, and the server's, on which it only sends.</summary>
    private const long ClientUni = 2;
    private const long ServerUni = 3;

    /// <summary>A bidirectional stream the server never opened.</summary>
    private const long ServerBidi = 1;

    private const byte TlsUnexpectedMessage = 10;
    private const byte TlsMissingExtension = 109;
    private const byte TlsNoApplicationProtocol = 120;

    private static readonly byte[] _keyUpdate = [24, 0, 0, 1, 0];
    private static readonly byte[] _endOfEarlyData = [5, 0, 0, 0];

    private readonly TransportOptions _limits = new()
    {
        StreamWindow = (int)Window,
        StreamWindowMax = (int)Window,
        ConnectionWindow = 2 * (int)Window,
        ConnectionWindowMax = 2 * (int)Window,
        MaxInboundBidirectionalStreams = 10,
        MaxInboundUnidirectionalStreams = 10,
    };

    [Fact]
    public void Initial_source_connection_id_must_be_there() =>
        RefusesParameters(p => ParameterSurgery.Without(p, 0x0f)); // RFC 9000 §7.3

    [Fact]
    public void Initial_source_connection_id_must_be_the_one_of_the_packets() =>
        RefusesParameters(p => ParameterSurgery.With(p, 0x0f, [1, 2, 3, 4, 5, 6, 7, 8])); // RFC 9000 §7.3

    [Fact]
    public void A_client_must_not_send_original_destination_connection_id() =>
        RefusesParameters(p => [.. p, .. Forge.Parameter(0x00, [1, 2, 3, 4, 5, 6, 7, 8])]); // RFC 9000 §18.2

    [Fact]
    public void A_client_must_not_send_preferred_address() =>
        RefusesParameters(p => [.. p, .. Forge.Parameter(0x0d, [.. new byte[24], 8, .. new byte[8], .. new byte[16]])]); // RFC 9000 §18.2

    [Fact]
    public void A_client_must_not_send_retry_source_connection_id() =>
        RefusesParameters(p => [.. p, .. Forge.Parameter(0x10, [1, 2, 3, 4, 5, 6, 7, 8])]); // RFC 9000 §18.2

    [Fact]
    public void A_client_must_not_send_stateless_reset_token() =>
        RefusesParameters(p => [.. p, .. Forge.Parameter(0x02, new byte[16])]); // RFC 9000 §18.2

    [Fact]
    public void Max_udp_payload_size_below_1200_is_refused() =>
        RefusesParameters(p => [.. p, .. Forge.Parameter(0x03, 1_199)]); // RFC 9000 §18.2

    [Fact]
    public void Ack_delay_exponent_above_20_is_refused() =>
        RefusesParameters(p => [.. p, .. Forge.Parameter(0x0a, 21)]); // RFC 9000 §18.2

    [Fact]
    public void Max_ack_delay_of_2_to_the_14_is_refused() =>
        RefusesParameters(p => [.. p, .. Forge.Parameter(0x0b, 1 << 14)]); // RFC 9000 §18.2

    [Fact]
    public void Active_connection_id_limit_below_2_is_refused() =>
        RefusesParameters(p => ParameterSurgery.With(p, 0x0e, [1])); // RFC 9000 §18.2

    [Theory]
    [InlineData(0x08)]
    [InlineData(0x09)]
    public void Initial_max_streams_above_2_to_the_60_is_refused(int id) =>
        RefusesParameters(p => ParameterSurgery.With(p, id, Forge.VarInt((1L << 60) + 1))); // RFC 9000 §18.2

    [Fact]
    public void A_parameter_must_not_come_twice() =>
        RefusesParameters(p => [.. p, .. Forge.Parameter(0x01, 30_000)]); // RFC 9000 §7.4

    [Fact]
    public void Parameters_that_are_cut_off_are_refused() =>
        RefusesParameters(p => [.. p, 0x03, 0x04, 0x00]);

    [Fact]
    public void Reserved_and_unknown_parameters_are_ignored() => ServerScene.Run(
        Options(new ScriptedPeerOptions { RewriteParameters = p => [.. p, .. Forge.Parameter(27 + (31 * 5), [1, 2, 3]), .. Forge.Parameter(0x3f5a, [])] }),
        scene =>
        {
            scene.Establish(); // RFC 9000 §18.1
            scene.ExpectAlive();
        });

    [Fact]
    public void Stream_data_beyond_the_streams_window_is_a_flow_control_error() =>
        Rejects(TransportErrorCode.FlowControlError, WireFrame.Stream + 6, Forge.Stream(0, Window, [1])); // RFC 9000 §4.1

    [Fact]
    public void Stream_data_beyond_the_connections_window_is_a_flow_control_error() => Rejects(
        TransportErrorCode.FlowControlError, WireFrame.Stream + 6, Forge.Stream(0, Window - 1, [1]), Forge.Stream(4, Window - 1, [1]), Forge.Stream(8, 0, [1])); // RFC 9000 §4.1

    [Fact]
    public void A_reset_with_a_final_size_beyond_the_window_is_a_flow_control_error() =>
        Rejects(TransportErrorCode.FlowControlError, WireFrame.ResetStream, Forge.ResetStream(0, 1, Window + 1)); // RFC 9000 §4.5

    [Theory]
    [InlineData(40)]
    [InlineData(42)]
    public void A_stream_beyond_the_limit_is_a_stream_limit_error(long stream) =>
        Rejects(TransportErrorCode.StreamLimitError, WireFrame.Stream + 6, Forge.Stream(stream, 0, [1])); // RFC 9000 §4.6

    [Fact]
    public void A_reset_of_a_stream_beyond_the_limit_is_a_stream_limit_error() =>
        Rejects(TransportErrorCode.StreamLimitError, WireFrame.ResetStream, Forge.ResetStream(40, 1, 0)); // RFC 9000 §4.6

    [Theory]
    [InlineData(0x21)]
    [InlineData(0x3fff)]
    [InlineData(0x3fff_ffff)]
    public void An_unknown_frame_type_is_a_frame_encoding_error(long type) =>
        Rejects(TransportErrorCode.FrameEncodingError, type, Forge.VarInt(type)); // RFC 9000 §12.4

    [Theory]
    [InlineData(WireFrame.MaxStreamsBidi)]
    [InlineData(WireFrame.MaxStreamsUni)]
    public void Max_streams_above_2_to_the_60_is_a_frame_encoding_error(long type) =>
        Rejects(TransportErrorCode.FrameEncodingError, type, Forge.Numbers(type, (1L << 60) + 1)); // RFC 9000 §19.11

    [Theory]
    [InlineData(WireFrame.StreamsBlockedBidi)]
    [InlineData(WireFrame.StreamsBlockedUni)]
    public void Streams_blocked_above_2_to_the_60_is_a_frame_encoding_error(long type) =>
        Rejects(TransportErrorCode.FrameEncodingError, type, Forge.Numbers(type, (1L << 60) + 1)); // RFC 9000 §19.14

    [Fact]
    public void New_connection_id_that_retires_beyond_itself_is_a_frame_encoding_error() =>
        Rejects(TransportErrorCode.FrameEncodingError, WireFrame.NewConnectionId, Forge.NewConnectionId(1, 2, [1, 2, 3, 4, 5, 6, 7, 8], new byte[16])); // RFC 9000 §19.15

    [Theory]
    [InlineData(0)]
    [InlineData(21)]
    public void New_connection_id_of_a_wrong_length_is_a_frame_encoding_error(int length) =>
        Rejects(TransportErrorCode.FrameEncodingError, WireFrame.NewConnectionId, Forge.NewConnectionId(1, 0, new byte[length], new byte[16])); // RFC 9000 §19.15

    [Fact]
    public void A_stream_that_ends_beyond_2_to_the_62_is_a_frame_encoding_error() =>
        Rejects(TransportErrorCode.FrameEncodingError, WireFrame.Stream + 6, Forge.Stream(0, StreamId.Max, [1, 2])); // RFC 9000 §19.8

    [Fact]
    public void Crypto_that_ends_beyond_2_to_the_62_is_a_frame_encoding_error() =>
        Rejects(TransportErrorCode.FrameEncodingError, WireFrame.Crypto, Forge.Crypto(StreamId.Max, [1, 2])); // RFC 9000 §19.6

    [Fact]
    public void A_frame_that_is_cut_off_is_a_frame_encoding_error() =>
        Rejects(TransportErrorCode.FrameEncodingError, WireFrame.MaxData, [0x10]); // RFC 9000 §19.9

    [Fact]
    public void A_frame_type_that_is_not_in_its_shortest_form_is_a_protocol_violation() =>
        Rejects(TransportErrorCode.ProtocolViolation, null, Forge.VarInt(WireFrame.Ping, size: 2)); // RFC 9000 §12.4

    [Fact]
    public void A_packet_without_frames_is_a_protocol_violation() => Rejects(TransportErrorCode.ProtocolViolation, null); // RFC 9000 §12.4

    [Fact]
    public void Reserved_bits_in_a_short_header_are_a_protocol_violation() => ServerScene.Run(Options(), scene =>
    {
        scene.Establish();
        scene.Peer.SendForged(EncryptionLevel.Application, new PacketForgery { ReservedBits = true }, Forge.Ping());
        scene.ExpectClose(TransportErrorCode.ProtocolViolation); // RFC 9000 §17.3.1
    });

    [Fact]
    public void Reserved_bits_in_a_handshake_packet_are_a_protocol_violation() => RejectsInHandshake(
        TransportErrorCode.ProtocolViolation, null, peer => peer.SendForged(EncryptionLevel.Handshake, new PacketForgery { ReservedBits = true }, Forge.Ping())); // RFC 9000 §17.2

    [Fact]
    public void Reserved_bits_in_an_initial_packet_are_a_protocol_violation() => RejectsInHandshake(
        TransportErrorCode.ProtocolViolation, null, peer => peer.SendForged(EncryptionLevel.Initial, new PacketForgery { ReservedBits = true }, Forge.Ping())); // RFC 9000 §17.2

    [Fact]
    public void Path_challenge_in_a_handshake_packet_is_a_protocol_violation() => RejectsInHandshake(
        TransportErrorCode.ProtocolViolation, WireFrame.PathChallenge, peer => peer.Send(EncryptionLevel.Handshake, Forge.PathChallenge(1))); // RFC 9000 §12.4

    [Theory]
    [InlineData(WireFrame.ResetStream)]
    [InlineData(WireFrame.StopSending)]
    [InlineData(WireFrame.MaxData)]
    [InlineData(WireFrame.MaxStreamsBidi)]
    [InlineData(WireFrame.DataBlocked)]
    [InlineData(WireFrame.RetireConnectionId)]
    [InlineData(WireFrame.ApplicationClose)]
    public void A_frame_of_1_rtt_in_an_initial_packet_is_a_protocol_violation(long type) => RejectsInHandshake(
        TransportErrorCode.ProtocolViolation, type, peer => peer.Send(EncryptionLevel.Initial, Forge.Numbers(type, 0, 0, 0))); // RFC 9000 §12.4

    [Fact]
    public void New_token_from_a_client_is_a_protocol_violation() =>
        Rejects(TransportErrorCode.ProtocolViolation, WireFrame.NewToken, Forge.NewToken([1, 2, 3])); // RFC 9000 §19.7

    [Fact]
    public void Handshake_done_from_a_client_is_a_protocol_violation() =>
        Rejects(TransportErrorCode.ProtocolViolation, WireFrame.HandshakeDone, Forge.HandshakeDone()); // RFC 9000 §19.20

    [Fact]
    public void Reset_of_a_stream_the_server_only_sends_on_is_a_stream_state_error() =>
        Rejects(TransportErrorCode.StreamStateError, WireFrame.ResetStream, Forge.ResetStream(ServerUni, 1, 0)); // RFC 9000 §19.4

    [Theory]
    [InlineData(ServerBidi)]
    [InlineData(ClientUni)]
    public void Stop_sending_of_a_stream_that_cannot_be_is_a_stream_state_error(long stream) =>
        Rejects(TransportErrorCode.StreamStateError, WireFrame.StopSending, Forge.StopSending(stream, 1)); // RFC 9000 §19.5

    [Theory]
    [InlineData(ServerBidi)]
    [InlineData(ServerUni)]
    public void Stream_data_where_the_server_must_open_or_only_sends_is_a_stream_state_error(long stream) =>
        Rejects(TransportErrorCode.StreamStateError, WireFrame.Stream + 6, Forge.Stream(stream, 0, [1])); // RFC 9000 §19.8

    [Theory]
    [InlineData(ServerBidi)]
    [InlineData(ClientUni)]
    public void Max_stream_data_of_a_stream_that_cannot_be_is_a_stream_state_error(long stream) =>
        Rejects(TransportErrorCode.StreamStateError, WireFrame.MaxStreamData, Forge.Numbers(WireFrame.MaxStreamData, stream, 1)); // RFC 9000 §19.10

    [Fact]
    public void Stream_data_blocked_of_a_stream_the_server_only_sends_on_is_a_stream_state_error() =>
        Rejects(TransportErrorCode.StreamStateError, WireFrame.StreamDataBlocked, Forge.Numbers(WireFrame.StreamDataBlocked, ServerUni, 1)); // RFC 9000 §19.13

    [Fact]
    public void Tls_key_update_in_a_handshake_packet_is_an_unexpected_message() => ServerScene.Run(
        Options(new ScriptedPeerOptions { Rewrite = (_, level, bytes) => level == EncryptionLevel.Handshake ? _keyUpdate : bytes }),
        scene =>
        {
            scene.Peer.Start();
            scene.ExpectClose(TransportErrorCode.CryptoError + TlsUnexpectedMessage); // RFC 9001 §6
        });

    [Fact]
    public void Tls_key_update_in_1_rtt_is_an_unexpected_message() => ServerScene.Run(Options(), scene =>
    {
        scene.Establish();
        scene.Peer.SendCrypto(EncryptionLevel.Application, _keyUpdate);
        scene.ExpectClose(TransportErrorCode.CryptoError + TlsUnexpectedMessage); // RFC 9001 §6
    });

    [Fact]
    public void End_of_early_data_is_an_unexpected_message() => ServerScene.Run(
        Options(new ScriptedPeerOptions { Rewrite = (_, level, bytes) => level == EncryptionLevel.Handshake ? _endOfEarlyData : bytes }),
        scene =>
        {
            scene.Peer.Start();
            scene.ExpectClose(TransportErrorCode.CryptoError + TlsUnexpectedMessage); // RFC 9001 §8.3
        });

    [Fact]
    public void No_alpn_is_no_application_protocol() => RefusesHello(hello => HelloSurgery.WithoutExtension(hello, HelloSurgery.Alpn), TlsNoApplicationProtocol); // RFC 9001 §8.1

    [Fact]
    public void An_unknown_alpn_is_no_application_protocol() => ServerScene.Run(
        Options(new ScriptedPeerOptions { ClientTls = tls => tls with { ApplicationProtocols = ["other/1"] } }),
        scene =>
        {
            scene.Peer.Start();
            scene.ExpectClose(TransportErrorCode.CryptoError + TlsNoApplicationProtocol); // RFC 9001 §8.1
        });

    [Fact]
    public void No_transport_parameters_is_a_missing_extension() =>
        RefusesHello(hello => HelloSurgery.WithoutExtension(hello, HelloSurgery.TransportParameters), TlsMissingExtension); // RFC 9001 §8.2

    [Fact]
    public void Packets_of_0_rtt_are_dropped() => ServerScene.Run(Options(), scene =>
    {
        scene.Establish();
        byte[] packet = scene.Peer.BuildPacket(EncryptionLevel.Handshake, new PacketForgery(), Forge.Crypto(0, [1, 2, 3]));
        packet[0] = (byte)((packet[0] & 0xcf) | 0x10);
        scene.Peer.SendDatagram(packet);
        scene.ExpectAlive();
    });

    private static void RefusesHello(Func<byte[], byte[]> change, byte alert) => ServerScene.Run(
        new ServerSceneOptions { Peer = new ScriptedPeerOptions { Rewrite = (_, level, bytes) => level == EncryptionLevel.Initial ? change(bytes) : bytes } },
        scene =>
        {
            scene.Peer.Start();
            scene.ExpectClose(TransportErrorCode.CryptoError + alert);
        });

    private static void RefusesParameters(Func<byte[], byte[]> change) => ServerScene.Run(
        new ServerSceneOptions { Peer = new ScriptedPeerOptions { RewriteParameters = change } },
        scene =>
        {
            scene.Peer.Start();
            scene.ExpectClose(TransportErrorCode.TransportParameterError);
        });

    private ServerSceneOptions Options(ScriptedPeerOptions? peer = null) => new() { Transport = _limits, Peer = peer ?? new ScriptedPeerOptions() };

    /// <summary>A client that has completed its handshake sends <paramref name="frames"/> in one packet.</summary>
    private void Rejects(TransportErrorCode code, long? blamed, params byte[][] frames) => ServerScene.Run(Options(), scene =>
    {
        scene.Establish();
        scene.Peer.Send(frames);
        scene.ExpectClose(code, blamed);
    });

    /// <summary>A client that is about to send its Finished does <paramref name="offence"/> first.</summary>
    private void RejectsInHandshake(TransportErrorCode code, long? blamed, Action<ScriptedPeer> offence)
    {
        byte[] Offend(ScriptedPeer peer, EncryptionLevel level, byte[] bytes)
        {
            if (level == EncryptionLevel.Handshake)
            {
                offence(peer);
            }
            return bytes;
        }

        ServerScene.Run(Options(new ScriptedPeerOptions { Rewrite = Offend }), scene =>
        {
            scene.Peer.Start();
            scene.ExpectClose(code, blamed);
        });
    }
}
