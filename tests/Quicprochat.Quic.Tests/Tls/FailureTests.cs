using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Crypto;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

/// <summary>What each end makes of the other's offences, and of its own side's failures.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData(42)]
    [InlineData(46)]
    [InlineData(48)]
    [InlineData(113)]
    public void A_validators_alert_is_the_connections_error(byte alert)
    {
        using TlsPair pair = new TlsPair(TlsPair.ClientOptions with { CertificateValidator = new RecordingValidator(alert) }).Run();
        Assert.Equal(Errors.Alert(alert), pair.ClientError?.Code);
        Assert.Equal(0x06, pair.ClientError?.FrameType);
        Assert.Null(pair.Client.LocalFault);
        Assert.False(pair.Client.IsComplete);
        Assert.False(pair.Server.IsComplete);
    }

    [Fact]
    public void A_validator_that_throws_is_an_internal_error_and_nothing_comes_out()
    {
        using TlsPair pair = new TlsPair(TlsPair.ClientOptions with { CertificateValidator = new ThrowingValidator() }).Run();
        Assert.Equal(Errors.Alert(80), pair.ClientError?.Code);
        Assert.IsType<InvalidTimeZoneException>(pair.Client.LocalFault);
    }

    [Fact]
    public void A_signer_that_throws_is_an_internal_error()
    {
        var signer = new StubSigner(0x0807, _ => throw new InvalidTimeZoneException());
        using TlsPair pair = new TlsPair(server: TlsPair.ServerOptions with { Credential = TlsPair.Ed25519 with { Signer = signer } }).Run();
        Assert.Equal(Errors.Alert(80), pair.ServerError?.Code);
        Assert.IsType<InvalidTimeZoneException>(pair.Server.LocalFault);
        Assert.False(pair.Server.TryTakeOutput(out _, out _));
    }

    [Fact]
    public void A_key_log_that_throws_is_an_internal_error()
    {
        using TlsPair pair = new TlsPair(server: TlsPair.ServerOptions with { KeyLog = new ThrowingKeyLog() }).Run();
        Assert.Equal(Errors.Alert(80), pair.ServerError?.Code);
        Assert.IsType<InvalidTimeZoneException>(pair.Server.LocalFault);
    }

    [Fact]
    public void A_random_source_that_throws_is_an_internal_error()
    {
        using TlsSession client = TlsSession.CreateClient(TlsPair.ClientOptions, new ThrowingRandom(), TlsPair.ClientParameters);
        Assert.Equal(Errors.Alert(80), client.Start()?.Code);
        Assert.IsType<InvalidTimeZoneException>(client.LocalFault);
        Assert.False(client.TryTakeOutput(out _, out _));
    }

    [Fact]
    public void An_error_stays()
    {
        using TlsPair pair = new TlsPair(TlsPair.ClientOptions with { CertificateValidator = new RecordingValidator(42) }).Run();
        Assert.Equal(pair.ClientError, pair.Client.Receive(EncryptionLevel.Handshake, [1, 2, 3]));
        Assert.Equal(pair.ClientError, pair.Client.Receive(EncryptionLevel.Initial, []));
        Assert.Equal(pair.ClientError, pair.Client.Start());
        Assert.False(pair.Client.TryTakeSecrets(out _));
        Assert.False(pair.Client.TryExport("EXPORTER-test", [], new byte[4]));
    }

    [Fact]
    public void No_protocol_in_common_is_no_application_protocol() =>
        AssertServerError(120, TlsPair.ClientOptions with { ApplicationProtocols = ["other"] });

    [Fact]
    public void No_group_in_common_is_a_handshake_failure() =>
        AssertServerError(40, TlsPair.ClientOptions with { Groups = [TlsGroup.X25519] }, TlsPair.ServerOptions with { Groups = [TlsGroup.Secp256r1] });

    [Fact]
    public void No_suite_in_common_is_a_handshake_failure() => AssertServerError(
        40, TlsPair.ClientOptions with { CipherSuites = [TlsCipherSuite.Aes128GcmSha256] }, TlsPair.ServerOptions with { CipherSuites = [TlsCipherSuite.ChaCha20Poly1305Sha256] });

    [Fact]
    public void No_signature_scheme_in_common_is_a_handshake_failure() => AssertServerError(
        40, null, TlsPair.ServerOptions with { Credential = TlsPair.Ed25519 with { Signer = new StubSigner(0x0603, message => message) } });

    [Fact]
    public void A_ClientHello_without_ALPN_is_refused() => AssertServerError(120, hello => hello.Remove(TlsExtensionType.ApplicationLayerProtocolNegotiation));

    [Fact]
    public void A_ClientHello_without_transport_parameters_is_refused() => AssertServerError(109, hello => hello.Remove(TlsExtensionType.QuicTransportParameters));

    [Fact]
    public void A_ClientHello_without_signature_algorithms_is_refused() => AssertServerError(109, hello => hello.Remove(13));

    [Fact]
    public void A_ClientHello_without_TLS_13_is_refused() => AssertServerError(70, hello => hello[TlsExtensionType.SupportedVersions] = [2, 3, 3]);

    [Fact]
    public void A_ClientHello_in_compatibility_mode_is_a_protocol_violation()
    {
        using var pair = new TlsPair { Tamper = OnClientHello(hello => hello.SessionId = new byte[32]) };
        pair.Run();
        Assert.Equal(TransportErrorCode.ProtocolViolation, pair.ServerError?.Code);
    }

    [Fact]
    public void EncryptedExtensions_without_ALPN_are_refused() =>
        AssertClientError(120, OnEncryptedExtensions(extensions => extensions.Remove(TlsExtensionType.ApplicationLayerProtocolNegotiation)));

    [Fact]
    public void EncryptedExtensions_with_a_protocol_not_offered_are_refused() => AssertClientError(
        47, OnEncryptedExtensions(extensions => extensions[TlsExtensionType.ApplicationLayerProtocolNegotiation] = HelloEditor.Vector16(HelloEditor.Vector8("h3"u8))));

    [Fact]
    public void EncryptedExtensions_without_transport_parameters_are_refused() =>
        AssertClientError(109, OnEncryptedExtensions(extensions => extensions.Remove(TlsExtensionType.QuicTransportParameters)));

    [Fact]
    public void EncryptedExtensions_with_an_extension_not_offered_are_refused() =>
        AssertClientError(110, OnEncryptedExtensions(extensions => extensions.Add(0xfafa, 1)));

    [Fact]
    public void Transport_parameters_in_ServerHello_are_refused() => AssertClientError(47, (from, _, bytes) =>
        from == Side.Server && bytes[0] == (byte)HandshakeType.ServerHello ? new HelloEditor(bytes).Add(TlsExtensionType.QuicTransportParameters).ToArray() : bytes);

    [Fact]
    public void A_ServerHello_of_TLS_12_is_refused() => AssertClientError(70, (from, _, bytes) =>
        from == Side.Server && bytes[0] == (byte)HandshakeType.ServerHello ? new HelloEditor(bytes).Remove(TlsExtensionType.SupportedVersions).ToArray() : bytes);

    [Theory]
    [InlineData((byte)HandshakeType.CertificateVerify)]
    [InlineData((byte)HandshakeType.Finished)]
    public void A_flipped_bit_in_what_authenticates_the_server_is_a_decrypt_error(byte type) => AssertClientError(51, (from, _, bytes) =>
    {
        bytes[^1] ^= (byte)(from == Side.Server && bytes[0] == type ? 1 : 0);
        return bytes;
    });

    [Fact]
    public void A_flipped_bit_in_the_clients_Finished_is_a_decrypt_error()
    {
        using var pair = new TlsPair
        {
            Tamper = (_, _, bytes) =>
            {
                bytes[^1] ^= (byte)(bytes[0] == (byte)HandshakeType.Finished ? 1 : 0);
                return bytes;
            },
        };
        pair.Run();
        Assert.Equal(Errors.Alert(51), pair.ClientError?.Code);

        using var other = new TlsPair();
        other.Tamper = (from, _, bytes) =>
        {
            bytes[^1] ^= (byte)(from == Side.Client && bytes[0] == (byte)HandshakeType.Finished ? 1 : 0);
            return bytes;
        };
        other.Run();
        Assert.Equal(Errors.Alert(51), other.ServerError?.Code);
        Assert.False(other.Server.IsComplete);
    }

    [Theory]
    [InlineData((byte)HandshakeType.EncryptedExtensions)]
    [InlineData((byte)HandshakeType.Certificate)]
    [InlineData((byte)HandshakeType.CertificateVerify)]
    public void A_server_that_leaves_out_a_message_is_refused(byte type) =>
        AssertClientError(10, (_, _, bytes) => bytes[0] == type ? [] : bytes);

    [Fact]
    public void A_server_that_skips_authentication_altogether_is_refused() => AssertClientError(
        10, (from, _, bytes) => from == Side.Server && bytes[0] is (byte)HandshakeType.Certificate or (byte)HandshakeType.CertificateVerify ? [] : bytes);

    [Fact]
    public void A_message_of_an_unknown_type_is_refused() =>
        AssertClientError(10, (_, level, bytes) => level == EncryptionLevel.Handshake ? HelloEditor.Message((HandshakeType)99) : bytes);

    [Fact]
    public void Junk_in_EncryptedExtensions_is_a_decode_error() =>
        AssertClientError(50, (_, level, bytes) => level == EncryptionLevel.Handshake ? HelloEditor.Message(HandshakeType.EncryptedExtensions, 1, 2, 3) : bytes);

    [Fact]
    public void A_truncated_ServerHello_is_a_decode_error() =>
        AssertClientError(50, (from, _, bytes) => from == Side.Server ? HelloEditor.Message(HandshakeType.ServerHello, bytes.AsSpan(4, 20)) : bytes);

    [Fact]
    public void An_empty_server_chain_is_a_decode_error() => AssertClientError(50, (_, _, bytes) =>
        bytes[0] == (byte)HandshakeType.Certificate ? HelloEditor.Message(HandshakeType.Certificate, 0, 0, 0, 0) : bytes);

    [Fact]
    public void A_chain_of_more_than_16_certificates_is_a_bad_certificate()
    {
        var validator = new RecordingValidator();
        using var pair = new TlsPair(TlsPair.ClientOptions with { CertificateValidator = validator });
        pair.Tamper = (_, _, bytes) => bytes[0] == (byte)HandshakeType.Certificate ? Chain(17, bytes[8..]) : bytes;
        pair.Run();
        Assert.Equal(Errors.Alert(42), pair.ClientError?.Code);
        Assert.Empty(validator.Calls);

        static byte[] Chain(int count, byte[] entry)
        {
            byte[] list = [.. Enumerable.Repeat(entry, count).SelectMany(bytes => bytes)];
            return HelloEditor.Message(HandshakeType.Certificate, [0, (byte)(list.Length >> 16), (byte)(list.Length >> 8), (byte)list.Length, .. list]);
        }
    }

    [Fact]
    public void A_leaf_that_is_no_certificate_is_a_bad_certificate()
    {
        TlsCredential garbage = TlsPair.Ed25519 with { CertificateChain = [new byte[] { 0x30, 0x03, 0x02, 0x01, 0x05 }] };
        AssertClientError(42, null, TlsPair.ServerOptions with { Credential = garbage });
    }

    [Fact]
    public void A_leaf_whose_key_usage_leaves_out_signatures_is_a_bad_certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        TlsCredential credential = Certify(key, new EcdsaSigner(key), new X509KeyUsageExtension(X509KeyUsageFlags.CrlSign, true));
        AssertClientError(42, null, TlsPair.ServerOptions with { Credential = credential });
    }

    [Fact]
    public void A_P384_key_under_the_P256_scheme_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var signer = new StubSigner(0x0403, message => key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        AssertClientError(47, null, TlsPair.ServerOptions with { Credential = Certify(key, signer) });
    }

    [Fact]
    public void A_P256_key_under_the_P384_scheme_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signer = new StubSigner(0x0503, message => key.SignData(message, HashAlgorithmName.SHA384, DSASignatureFormat.Rfc3279DerSequence));
        AssertClientError(47, null, TlsPair.ServerOptions with { Credential = Certify(key, signer) });
    }

    [Fact]
    public void A_signature_scheme_that_does_not_fit_the_key_is_refused() => AssertClientError(47, (from, _, bytes) =>
    {
        if (from == Side.Server && bytes[0] == (byte)HandshakeType.CertificateVerify)
        {
            (bytes[4], bytes[5]) = (0x08, 0x04);
        }

        return bytes;
    });

    [Fact]
    public void A_signature_scheme_that_was_not_offered_is_refused() => AssertClientError(47, (from, _, bytes) =>
    {
        if (from == Side.Server && bytes[0] == (byte)HandshakeType.CertificateVerify)
        {
            (bytes[4], bytes[5]) = (0x04, 0x01);
        }

        return bytes;
    });

    [Fact]
    public void A_server_that_does_not_hold_the_key_is_refused()
    {
        TlsCredential other = TlsPair.Certificate(Crypto.Signatures.SignatureAlgorithm.Ed25519, "other.example");
        AssertClientError(51, null, TlsPair.ServerOptions with { Credential = TlsPair.Ed25519 with { Signer = other.Signer } });
    }

    [Fact]
    public void An_RSA_key_of_1024_bits_is_refused()
    {
        using var key = RSA.Create(1_024);
        var signer = new StubSigner(PeerSignature.RsaPssRsaeSha256, message => key.SignData(message, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
        var request = new CertificateRequest("CN=chat.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        AssertClientError(51, null, TlsPair.ServerOptions with { Credential = Credential(request, signer) });
    }

    [Theory]
    [InlineData(PeerSignature.RsaPssRsaeSha256)]
    [InlineData(PeerSignature.RsaPssRsaeSha384)]
    [InlineData(PeerSignature.RsaPssRsaeSha512)]
    public void An_RSA_certificate_is_accepted(ushort scheme)
    {
        HashAlgorithmName hash = scheme switch
        {
            PeerSignature.RsaPssRsaeSha256 => HashAlgorithmName.SHA256,
            PeerSignature.RsaPssRsaeSha384 => HashAlgorithmName.SHA384,
            _ => HashAlgorithmName.SHA512,
        };
        using var key = RSA.Create(2_048);
        var request = new CertificateRequest("CN=chat.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var signer = new StubSigner(scheme, message => key.SignData(message, hash, RSASignaturePadding.Pss));
        using TlsPair pair = new TlsPair(null, TlsPair.ServerOptions with { Credential = Credential(request, signer) }).RunToCompletion();
    }

    [Fact]
    public void A_P384_certificate_is_accepted()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using TlsPair pair = new TlsPair(null, TlsPair.ServerOptions with { Credential = Certify(key, new EcdsaSigner(key)) }).RunToCompletion();
    }

    [Fact]
    public void The_bytes_of_a_certificate_reach_the_validator_even_where_they_are_not_canonical()
    {
        // TRUE encoded as 01 instead of ff: a decoder that encodes anew would change it.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        TlsCredential credential = Certify(key, new EcdsaSigner(key), new X509BasicConstraintsExtension(false, false, 0, true));
        byte[] certificate = credential.CertificateChain[0].ToArray();
        int position = certificate.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x01, 0x01, 0xff]);
        Assert.True(position > 0);
        certificate[position + 2] = 0x01;
        using TlsPair pair = new TlsPair(null, TlsPair.ServerOptions with { Credential = credential with { CertificateChain = [certificate] } }).RunToCompletion();
        Assert.Equal(certificate, pair.Client.PeerCertificates[0].ToArray());
    }

    private static TlsCredential Certify(ECDsa key, ITlsSigner signer, params ReadOnlySpan<X509Extension> extensions)
    {
        var request = new CertificateRequest("CN=chat.example", key, HashAlgorithmName.SHA256);
        foreach (X509Extension extension in extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        return Credential(request, signer);
    }

    private static TlsCredential Credential(CertificateRequest request, ITlsSigner signer)
    {
        var notBefore = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using X509Certificate2 certificate = request.CreateSelfSigned(notBefore, notBefore.AddYears(1));
        return new TlsCredential([certificate.RawData], signer);
    }

    private static Func<Side, EncryptionLevel, byte[], byte[]> OnClientHello(Action<HelloEditor> edit) => (_, _, bytes) =>
        bytes[0] == (byte)HandshakeType.ClientHello ? Edit(bytes, edit) : bytes;

    private static Func<Side, EncryptionLevel, byte[], byte[]> OnEncryptedExtensions(Action<HelloEditor> edit) => (_, _, bytes) =>
        bytes[0] == (byte)HandshakeType.EncryptedExtensions ? Edit(bytes, edit) : bytes;

    private static byte[] Edit(byte[] bytes, Action<HelloEditor> edit)
    {
        var hello = new HelloEditor(bytes);
        edit(hello);
        return hello.ToArray();
    }

    private static void AssertServerError(int alert, Action<HelloEditor> edit)
    {
        using var pair = new TlsPair { Tamper = OnClientHello(edit) };
        pair.Run();
        Assert.Equal(Errors.Alert(alert), pair.ServerError?.Code);
    }

    private static void AssertServerError(int alert, TlsClientOptions? client, TlsServerOptions? server = null)
    {
        using TlsPair pair = new TlsPair(client, server).Run();
        Assert.Equal(Errors.Alert(alert), pair.ServerError?.Code);
        Assert.Null(pair.Server.LocalFault);
    }

    private static void AssertClientError(int alert, Func<Side, EncryptionLevel, byte[], byte[]>? tamper, TlsServerOptions? server = null)
    {
        using var pair = new TlsPair(null, server);
        pair.Tamper = tamper ?? pair.Tamper;
        pair.Run();
        Assert.Equal(Errors.Alert(alert), pair.ClientError?.Code);
        Assert.Null(pair.Client.LocalFault);
        Assert.False(pair.Client.IsComplete);
    }

    private sealed class ThrowingValidator : IPeerCertificateValidator
    {
        public byte? Validate(IReadOnlyList<ReadOnlyMemory<byte>> chain, string? targetHost) => throw new InvalidTimeZoneException();
    }

    private sealed class ThrowingKeyLog : IKeyLog
    {
        public void Write(string label, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> secret) => throw new InvalidTimeZoneException();
    }

    private sealed class ThrowingRandom : IRandomSource
    {
        public void Fill(Span<byte> destination) => throw new InvalidTimeZoneException();
    }
}
