using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

public sealed class LevelTests
{
    [Fact]
    public void EncryptedExtensions_behind_the_ServerHello_at_Initial_are_a_protocol_violation()
    {
        using var pair = new TlsPair
        {
            Tamper = (_, _, bytes) => bytes[0] == (byte)HandshakeType.ServerHello ? [.. bytes, .. HelloEditor.Message(HandshakeType.EncryptedExtensions, 0, 0)] : bytes,
        };
        pair.Run();
        Assert.Equal(TransportErrorCode.ProtocolViolation, pair.ClientError?.Code);
    }

    [Fact]
    public void A_single_byte_left_over_when_the_level_changes_is_a_protocol_violation()
    {
        using var pair = new TlsPair { Tamper = (_, _, bytes) => bytes[0] == (byte)HandshakeType.ClientHello ? [.. bytes, 1] : bytes };
        pair.Run();
        Assert.Equal(TransportErrorCode.ProtocolViolation, pair.ServerError?.Code);
    }

    [Fact]
    public void A_message_at_the_level_before_is_a_protocol_violation()
    {
        using var pair = new TlsPair();
        Assert.Null(pair.Client.Start());
        pair.Client.TryTakeOutput(out EncryptionLevel level, out ReadOnlyMemory<byte> hello);
        Assert.Null(pair.Server.Receive(level, hello.Span));
        pair.Server.TryTakeOutput(out level, out ReadOnlyMemory<byte> serverHello);
        Assert.Null(pair.Client.Receive(level, serverHello.Span));
        Assert.True(pair.Server.TryTakeOutput(out level, out ReadOnlyMemory<byte> encryptedExtensions));
        Assert.Equal(EncryptionLevel.Handshake, level);
        Assert.Equal(TransportErrorCode.ProtocolViolation, pair.Client.Receive(EncryptionLevel.Initial, encryptedExtensions.Span)?.Code);
    }

    [Theory]
    [InlineData((byte)EncryptionLevel.Handshake)]
    [InlineData((byte)EncryptionLevel.Application)]
    public void A_message_at_a_level_that_is_not_there_yet_is_a_protocol_violation(byte level)
    {
        using var pair = new TlsPair();
        Assert.Null(pair.Client.Start());
        pair.Client.TryTakeOutput(out _, out ReadOnlyMemory<byte> hello);
        Assert.Equal(TransportErrorCode.ProtocolViolation, pair.Server.Receive((EncryptionLevel)level, hello.Span)?.Code);
    }

    [Theory]
    [InlineData((byte)EncryptionLevel.Initial)]
    [InlineData((byte)EncryptionLevel.Handshake)]
    public void Handshake_data_after_completion_is_a_protocol_violation(byte level)
    {
        using TlsPair pair = new TlsPair().RunToCompletion();
        Assert.Equal(TransportErrorCode.ProtocolViolation, pair.Client.Receive((EncryptionLevel)level, [20])?.Code);
        Assert.Equal(TransportErrorCode.ProtocolViolation, pair.Server.Receive((EncryptionLevel)level, [20])?.Code);
    }

    [Fact]
    public void Nothing_at_all_is_fine_at_any_level()
    {
        using var pair = new TlsPair();
        Assert.Null(pair.Server.Receive(EncryptionLevel.Application, []));
        Assert.Null(pair.Server.Start());
        pair.RunToCompletion();
        Assert.Null(pair.Client.Receive(EncryptionLevel.Initial, []));
        Assert.Null(pair.Client.Start());
    }

    [Theory]
    [InlineData((byte)HandshakeType.KeyUpdate)]
    [InlineData((byte)HandshakeType.EndOfEarlyData)]
    public void KeyUpdate_and_EndOfEarlyData_are_refused_at_every_level_by_their_first_byte(byte type)
    {
        byte[] first = [type];
        using var initial = new TlsPair();
        Assert.Equal(Errors.Alert(10), initial.Server.Receive(EncryptionLevel.Initial, first)?.Code);
        Assert.Null(initial.Client.Start());
        Assert.Equal(Errors.Alert(10), initial.Client.Receive(EncryptionLevel.Initial, first)?.Code);

        using var handshake = new TlsPair { Tamper = (_, level, bytes) => level == EncryptionLevel.Handshake ? first : bytes };
        handshake.Run();
        Assert.Equal(Errors.Alert(10), handshake.ClientError?.Code);

        using var clientHandshake = new TlsPair { Tamper = (from, level, bytes) => from == Side.Client && level == EncryptionLevel.Handshake ? first : bytes };
        clientHandshake.Run();
        Assert.Equal(Errors.Alert(10), clientHandshake.ServerError?.Code);

        using TlsPair application = new TlsPair().RunToCompletion();
        Assert.Equal(Errors.Alert(10), application.Client.Receive(EncryptionLevel.Application, first)?.Code);
        Assert.Equal(Errors.Alert(10), application.Server.Receive(EncryptionLevel.Application, first)?.Code);
    }

    [Fact]
    public void A_message_longer_than_64_KiB_is_refused_by_its_header()
    {
        byte[] header = [(byte)HandshakeType.ServerHello, 1, 0, 1];
        using var pair = new TlsPair();
        Assert.Null(pair.Client.Start());
        Assert.Null(pair.Client.Receive(EncryptionLevel.Initial, header.AsSpan(0, 3)));
        Assert.Equal(TransportErrorCode.CryptoBufferExceeded, pair.Client.Receive(EncryptionLevel.Initial, header.AsSpan(3))?.Code);
        header[0] = (byte)HandshakeType.ClientHello;
        Assert.Equal(TransportErrorCode.CryptoBufferExceeded, pair.Server.Receive(EncryptionLevel.Initial, header)?.Code);
    }

    [Fact]
    public void A_second_ClientHello_that_nobody_asked_for_is_refused()
    {
        using var pair = new TlsPair { Tamper = (from, level, bytes) => from == Side.Client && level == EncryptionLevel.Handshake ? HelloEditor.Message(HandshakeType.ClientHello, bytes) : bytes };
        pair.Run();
        Assert.Equal(Errors.Alert(10), pair.ServerError?.Code);
    }

    [Fact]
    public void A_client_that_sends_something_else_first_is_refused()
    {
        using var pair = new TlsPair();
        Assert.Equal(Errors.Alert(10), pair.Server.Receive(EncryptionLevel.Initial, HelloEditor.Message(HandshakeType.Finished, new byte[32]))?.Code);
    }
}
