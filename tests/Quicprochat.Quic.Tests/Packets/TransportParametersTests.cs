using System.Net;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tests.Frames;

namespace Quicprochat.Quic.Tests.Packets;

public sealed class TransportParametersTests
{
    private const string PreferredV4 = "c0000201 01bb 00000000000000000000000000000000 0000";
    private const string Token = "000102030405060708090a0b0c0d0e0f";

    [Fact]
    public void An_empty_extension_gives_the_defaults()
    {
        TransportParameters read = Accept("", Side.Client);
        Assert.Equal(new TransportParameters(), read);
        Assert.Equal(65_527, read.MaxUdpPayloadSize);
        Assert.Equal(3, read.AckDelayExponent);
        Assert.Equal(25_000, read.MaxAckDelay);
        Assert.Equal(2, read.ActiveConnectionIdLimit);
        Assert.Equal(0, read.MaxIdleTimeout);
        Assert.Equal(0, read.MaxDatagramFrameSize);
        Assert.False(read.DisableActiveMigration);
        Assert.Null(read.InitialSourceConnectionId);
        Assert.Null(read.OriginalDestinationConnectionId);
    }

    [Fact]
    public void The_parameters_of_the_sample_client_hello_are_read()
    {
        // RFC 9001 §A.2, extension 0x0039.
        TransportParameters read = Accept(
            "04 08 ffffffffffffffff 05 04 8000ffff 07 04 8000ffff 08 01 10 01 04 80007530 09 01 10 0f 08 8394c8f03e515708 06 04 8000ffff", Side.Client);
        Assert.Equal(VarInt.Max, read.InitialMaxData);
        Assert.Equal(65_535, read.InitialMaxStreamDataBidiLocal);
        Assert.Equal(65_535, read.InitialMaxStreamDataBidiRemote);
        Assert.Equal(65_535, read.InitialMaxStreamDataUni);
        Assert.Equal(16, read.InitialMaxStreamsBidi);
        Assert.Equal(16, read.InitialMaxStreamsUni);
        Assert.Equal(30_000_000, read.MaxIdleTimeout);
        Assert.Equal("8394c8f03e515708", read.InitialSourceConnectionId.ToString());
    }

    [Fact]
    public void What_a_server_writes_comes_back() =>
        Gen.Select(FrameGen.VarInt, Gen.Long[0, 1L << 60], Gen.Int[0, 20], Gen.Long[0, (1 << 14) - 1], Gen.Bool, FrameGen.Id, FrameGen.Token, Gen.ULong)
            .Sample((value, streams, exponent, delay, flag, id, token, random) =>
            {
                var written = new TransportParameters
                {
                    OriginalDestinationConnectionId = id,
                    MaxIdleTimeout = Math.Min(value, 1L << 50) * 1000,
                    StatelessResetToken = token,
                    MaxUdpPayloadSize = Math.Max(1200, value),
                    InitialMaxData = value,
                    InitialMaxStreamDataBidiLocal = value / 2,
                    InitialMaxStreamDataBidiRemote = value / 3,
                    InitialMaxStreamDataUni = value / 4,
                    InitialMaxStreamsBidi = streams,
                    InitialMaxStreamsUni = streams / 2,
                    AckDelayExponent = exponent,
                    MaxAckDelay = delay * 1000,
                    DisableActiveMigration = flag,
                    PreferredAddress = flag ? Preferred(id, token) : null,
                    ActiveConnectionIdLimit = Math.Max(2, value),
                    InitialSourceConnectionId = id,
                    RetrySourceConnectionId = flag ? default(ConnectionId) : null,
                    MaxDatagramFrameSize = value,
                };
                byte[] bytes = Write(written, random);
                Assert.Null(TransportParameters.TryRead(bytes, Side.Server, out TransportParameters? read));
                Assert.Equal(written, read);
            });

    [Fact]
    public void The_largest_parameters_fit_the_stated_size()
    {
        ConnectionId id = ConnectionId.From(new byte[20]);
        var largest = new TransportParameters
        {
            OriginalDestinationConnectionId = id,
            MaxIdleTimeout = VarInt.Max,
            StatelessResetToken = default(StatelessResetToken),
            MaxUdpPayloadSize = VarInt.Max,
            InitialMaxData = VarInt.Max,
            InitialMaxStreamDataBidiLocal = VarInt.Max,
            InitialMaxStreamDataBidiRemote = VarInt.Max,
            InitialMaxStreamDataUni = VarInt.Max,
            InitialMaxStreamsBidi = VarInt.Max,
            InitialMaxStreamsUni = VarInt.Max,
            AckDelayExponent = 20,
            MaxAckDelay = 16_383_000,
            DisableActiveMigration = true,
            PreferredAddress = Preferred(id, default),
            ActiveConnectionIdLimit = VarInt.Max,
            InitialSourceConnectionId = id,
            RetrySourceConnectionId = id,
            MaxDatagramFrameSize = VarInt.Max,
        };
        Assert.InRange(Write(largest, ulong.MaxValue).Length, 250, TransportParameters.SizeMax);
    }

    [Fact]
    public void A_reserved_parameter_is_always_there_and_ignored() => Gen.ULong.Sample(random =>
    {
        byte[] bytes = Write(new TransportParameters(), random);
        var reader = new Reader(bytes);
        Assert.True(reader.TryReadVarInt(out long id));
        Assert.Equal(0, (id - 27) % 31);
        Assert.True(reader.TryReadVarIntBytes(out _));
        Assert.True(reader.IsAtEnd);
        Assert.Null(TransportParameters.TryRead(bytes, Side.Client, out TransportParameters? read));
        Assert.Equal(new TransportParameters(), read);
    });

    [Fact]
    public void Less_than_a_millisecond_is_not_sent_as_none()
    {
        Assert.Null(TransportParameters.TryRead(Write(new TransportParameters { MaxIdleTimeout = 1, MaxAckDelay = 25_001 }, 0), Side.Client, out TransportParameters? read));
        Assert.Equal(1000, read!.MaxIdleTimeout);
        Assert.Equal(26_000, read.MaxAckDelay);
    }

    [Theory]
    [InlineData("an idle timeout of 2^62-1 ms", "01 08 ffffffffffffffff")]
    [InlineData("max_udp_payload_size of 1200", "03 02 44b0")]
    [InlineData("max_udp_payload_size of 2^62-1", "03 08 ffffffffffffffff")]
    [InlineData("2^60 bidirectional streams", "08 08 d000000000000000")]
    [InlineData("2^60 unidirectional streams", "09 08 d000000000000000")]
    [InlineData("ack_delay_exponent of 20", "0a 01 14")]
    [InlineData("max_ack_delay of 2^14-1", "0b 02 7fff")]
    [InlineData("active_connection_id_limit of 2", "0e 01 02")]
    [InlineData("an integer in a longer form than necessary", "0e 08 c000000000000002")]
    [InlineData("an identifier in a longer form than necessary", "400e 01 02")]
    [InlineData("disable_active_migration", "0c 00")]
    [InlineData("an empty initial_source_connection_id", "0f 00")]
    [InlineData("initial_source_connection_id of 20 bytes", "0f 14 0000000000000000000000000000000000000000")]
    [InlineData("max_datagram_frame_size", "20 04 8000ffff")]
    [InlineData("an unknown parameter", "11 03 aabbcc")]
    [InlineData("the largest identifier", "ffffffffffffffff 01 aa")]
    [InlineData("an unknown parameter twice", "3f 01 aa 3f 01 aa")]
    public void A_client_may_send(string what, string hex)
    {
        Assert.NotEmpty(what);
        TransportParameters read = Accept(hex, Side.Client);
        Assert.InRange(read.MaxIdleTimeout, 0, VarInt.Max);
    }

    [Theory]
    [InlineData("a parameter without a length", "01")]
    [InlineData("a parameter shorter than its length", "01 02 05")]
    [InlineData("a length of 2^62-1", "01 ffffffffffffffff 05")]
    [InlineData("an unknown parameter shorter than its length", "11 02 05")]
    [InlineData("an identifier cut off", "80")]
    [InlineData("an integer of no bytes", "01 00")]
    [InlineData("an integer cut off", "01 01 40")]
    [InlineData("an integer with a byte behind it", "01 02 0505")]
    [InlineData("max_udp_payload_size of 1199", "03 02 44af")]
    [InlineData("max_udp_payload_size of 0", "03 01 00")]
    [InlineData("more than 2^60 bidirectional streams", "08 08 d000000000000001")]
    [InlineData("more than 2^60 unidirectional streams", "09 08 d000000000000001")]
    [InlineData("2^62-1 unidirectional streams", "09 08 ffffffffffffffff")]
    [InlineData("ack_delay_exponent of 21", "0a 01 15")]
    [InlineData("ack_delay_exponent of 2^62-1", "0a 08 ffffffffffffffff")]
    [InlineData("max_ack_delay of 2^14", "0b 04 80004000")]
    [InlineData("max_ack_delay of 2^62-1", "0b 08 ffffffffffffffff")]
    [InlineData("active_connection_id_limit of 1", "0e 01 01")]
    [InlineData("active_connection_id_limit of 0", "0e 01 00")]
    [InlineData("disable_active_migration with a value", "0c 01 00")]
    [InlineData("initial_source_connection_id of 21 bytes", "0f 15 000000000000000000000000000000000000000000")]
    [InlineData("max_datagram_frame_size of no bytes", "20 00")]
    [InlineData("a parameter twice", "04 01 05 04 01 05")]
    [InlineData("max_datagram_frame_size twice", "20 01 05 01 01 05 20 01 05")]
    [InlineData("initial_source_connection_id twice", "0f 00 0f 00")]
    public void Neither_end_may_send(string what, string hex)
    {
        AssertRefused(what, hex, Side.Client);
        AssertRefused(what, hex, Side.Server);
    }

    [Theory]
    [InlineData("original_destination_connection_id", "00 08 0001020304050607")]
    [InlineData("stateless_reset_token", "02 10" + Token)]
    [InlineData("preferred_address", "0d 2a" + PreferredV4 + "01 aa" + Token)]
    [InlineData("retry_source_connection_id", "10 00")]
    public void Only_a_server_may_send(string what, string hex)
    {
        Accept(hex, Side.Server);
        AssertRefused(what, hex, Side.Client);
    }

    [Theory]
    [InlineData("stateless_reset_token of 15 bytes", "02 0f 000102030405060708090a0b0c0d0e")]
    [InlineData("stateless_reset_token of 17 bytes", "02 11 00" + Token)]
    [InlineData("original_destination_connection_id of 21 bytes", "00 15 000000000000000000000000000000000000000000")]
    [InlineData("retry_source_connection_id of 21 bytes", "10 15 000000000000000000000000000000000000000000")]
    [InlineData("preferred_address without a connection id", "0d 29" + PreferredV4 + "00" + Token)]
    [InlineData("preferred_address with a connection id of 21 bytes", "0d 3e" + PreferredV4 + "15 000000000000000000000000000000000000000000" + Token)]
    [InlineData("preferred_address with a byte too many", "0d 2b" + PreferredV4 + "01 aa" + Token + "00")]
    [InlineData("preferred_address with a byte too few", "0d 29" + PreferredV4 + "01 aa 000102030405060708090a0b0c0d0e")]
    [InlineData("preferred_address of a server with an empty connection id", "0f 00 0d 2a" + PreferredV4 + "01 aa" + Token)]
    [InlineData("preferred_address before an empty connection id", "0d 2a" + PreferredV4 + "01 aa" + Token + "0f 00")]
    public void A_server_may_not_send(string what, string hex) => AssertRefused(what, hex, Side.Server);

    [Fact]
    public void A_preferred_address_names_one_family_or_both()
    {
        PreferredAddress v4 = Accept("0d 2a" + PreferredV4 + "01 aa" + Token, Side.Server).PreferredAddress!;
        Assert.Equal(Address.From(IPAddress.Parse("192.0.2.1"), 443), v4.IPv4);
        Assert.Null(v4.IPv6);
        Assert.Equal(ConnectionId.From([0xaa]), v4.ConnectionId);
        Assert.Equal(StatelessResetToken.From(Convert.FromHexString(Token)), v4.ResetToken);

        PreferredAddress v6 = Accept("0d 2a 00000000 0000 20010db8000000000000000000000001 01bb 01 aa" + Token, Side.Server).PreferredAddress!;
        Assert.Null(v6.IPv4);
        Assert.Equal(Address.From(IPAddress.Parse("2001:db8::1"), 443), v6.IPv6);
    }

    [Fact]
    public void Parameters_cut_off_within_one_are_refused()
    {
        byte[] bytes = Write(new TransportParameters { InitialMaxData = 1 << 20, InitialSourceConnectionId = ConnectionId.From([1, 2, 3]) }, 0x2000_0000_0000_0005);
        var ends = new HashSet<int>();
        var reader = new Reader(bytes);
        do
        {
            ends.Add(reader.Position);
        }
        while (reader.TryReadVarInt(out _) && reader.TryReadVarIntBytes(out _));
        for (int length = 0; length <= bytes.Length; length++)
        {
            TransportError? error = TransportParameters.TryRead(bytes.AsSpan(0, length), Side.Client, out TransportParameters? read);
            Assert.Equal(ends.Contains(length), error is null);
            Assert.Equal(error is null, read is not null);
        }
    }

    [Fact]
    public void Random_bytes_never_throw() =>
        Gen.Select(Gen.Select(Gen.Byte[0, 0x21], Gen.Byte.Array[0, 20]).Array[0, 6], Gen.Byte.Array[0, 5], Gen.Bool).Sample((parameters, rest, isClient) =>
        {
            byte[] bytes = [.. parameters.SelectMany(p => (byte[])[p.Item1, (byte)p.Item2.Length, .. p.Item2]), .. rest];
            TransportError? error = TransportParameters.TryRead(bytes, isClient ? Side.Client : Side.Server, out TransportParameters? read);
            Assert.Equal(error is null, read is not null);
            if (read is not null)
            {
                Assert.Null(TransportParameters.TryRead(Write(read, 1), Side.Server, out TransportParameters? again));
                Assert.Equal(read, again);
            }
        }, iter: 20_000);

    private static PreferredAddress Preferred(ConnectionId id, StatelessResetToken token) => new()
    {
        IPv4 = Address.From(IPAddress.Parse("192.0.2.1"), 443),
        IPv6 = Address.From(IPAddress.Parse("2001:db8::1"), 443),
        ConnectionId = id,
        ResetToken = token,
    };

    private static byte[] Write(TransportParameters parameters, ulong random)
    {
        var writer = new Writer(new byte[TransportParameters.SizeMax]);
        parameters.Write(ref writer, random);
        return writer.Written.ToArray();
    }

    private static TransportParameters Accept(string hex, Side sender)
    {
        Assert.Null(TransportParameters.TryRead(Hex(hex), sender, out TransportParameters? read));
        return read!;
    }

    private static void AssertRefused(string what, string hex, Side sender)
    {
        TransportError? error = TransportParameters.TryRead(Hex(hex), sender, out TransportParameters? read);
        Assert.True(error is { Code: TransportErrorCode.TransportParameterError }, what);
        Assert.NotEmpty(error!.Value.Reason);
        Assert.Null(read);
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
