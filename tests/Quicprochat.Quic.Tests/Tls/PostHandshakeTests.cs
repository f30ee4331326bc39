using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

public sealed class PostHandshakeTests
{
    private static readonly byte[] _earlyDataSentinel = [0, TlsExtensionType.EarlyData & 0xff, 0, 4, 0xff, 0xff, 0xff, 0xff];

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void A_client_ignores_session_tickets_however_they_come(int chunkSize)
    {
        using TlsPair pair = new TlsPair().RunToCompletion();
        byte[] tickets = [.. Ticket(), .. Ticket(_earlyDataSentinel), .. Ticket([0xfa, 0xfa, 0, 1, 7])];
        foreach (byte[] chunk in tickets.Chunk(Math.Min(chunkSize, tickets.Length)))
        {
            Assert.Null(pair.Client.Receive(EncryptionLevel.Application, chunk));
        }

        Assert.False(pair.Client.TryTakeOutput(out _, out _));
        Assert.True(pair.Client.TryExport("EXPORTER-test", [], new byte[8]));
    }

    [Fact]
    public void Any_number_of_tickets_may_come()
    {
        using TlsPair pair = new TlsPair().RunToCompletion();
        for (int i = 0; i < 1_000; i++)
        {
            Assert.Null(pair.Client.Receive(EncryptionLevel.Application, Ticket()));
        }
    }

    [Fact]
    public void A_ticket_for_TLS_early_data_is_a_protocol_violation() =>
        AssertClientError(TransportErrorCode.ProtocolViolation, Ticket([0, TlsExtensionType.EarlyData & 0xff, 0, 4, 0, 0, 0x40, 0]));

    [Fact]
    public void A_ticket_cut_short_or_too_long_is_a_decode_error()
    {
        byte[] body = Ticket(_earlyDataSentinel)[4..];
        for (int length = 0; length < body.Length; length++)
        {
            AssertClientError(Errors.Alert(50), HelloEditor.Message(HandshakeType.NewSessionTicket, body.AsSpan(0, length)));
        }

        AssertClientError(Errors.Alert(50), HelloEditor.Message(HandshakeType.NewSessionTicket, [.. body, 0]));
    }

    [Fact]
    public void A_ticket_with_no_ticket_in_it_is_a_decode_error() =>
        AssertClientError(Errors.Alert(50), HelloEditor.Message(HandshakeType.NewSessionTicket, [.. new byte[8], 0, 0, 0, 0, 0]));

    [Fact]
    public void A_late_request_for_a_certificate_is_a_protocol_violation() =>
        AssertClientError(TransportErrorCode.ProtocolViolation, HelloEditor.Message(HandshakeType.CertificateRequest, 0, 0, 0));

    [Theory]
    [InlineData((byte)HandshakeType.ServerHello)]
    [InlineData((byte)HandshakeType.ClientHello)]
    [InlineData((byte)HandshakeType.Certificate)]
    [InlineData((byte)HandshakeType.Finished)]
    [InlineData((byte)HandshakeType.KeyUpdate)]
    [InlineData((byte)254)]
    public void Anything_else_is_an_unexpected_message_by_its_first_byte(byte type) => AssertClientError(Errors.Alert(10), [type]);

    [Theory]
    [InlineData((byte)HandshakeType.NewSessionTicket)]
    [InlineData((byte)HandshakeType.Finished)]
    [InlineData((byte)HandshakeType.KeyUpdate)]
    public void A_server_expects_nothing(byte type)
    {
        using TlsPair pair = new TlsPair().RunToCompletion();
        Assert.Equal(Errors.Alert(10), pair.Server.Receive(EncryptionLevel.Application, [type])?.Code);
    }

    [Fact]
    public void A_ticket_of_more_than_64_KiB_is_refused() =>
        AssertClientError(TransportErrorCode.CryptoBufferExceeded, [(byte)HandshakeType.NewSessionTicket, 1, 0, 1]);

    private static byte[] Ticket(params byte[] extensions) => HelloEditor.Message(
        HandshakeType.NewSessionTicket,
        [0, 0, 0x1c, 0x20, 1, 2, 3, 4, .. HelloEditor.Vector8([0, 0]), .. HelloEditor.Vector16(new byte[100]), .. HelloEditor.Vector16(extensions)]);

    private static void AssertClientError(TransportErrorCode code, byte[] message)
    {
        using TlsPair pair = new TlsPair(TlsPair.ClientOptions with { Groups = [TlsGroup.X25519] }).RunToCompletion();
        Assert.Equal(code, pair.Client.Receive(EncryptionLevel.Application, message)?.Code);
    }
}
