using Quicprochat.Crypto.Signatures;
using Quicprochat.Quic.Packets;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

/// <summary>Handshakes with bytes changed on the way: nothing is ever thrown, and nobody completes on what was changed.</summary>
public sealed class MutationTests
{
    private static readonly TlsCredential _alice = TlsPair.Certificate(SignatureAlgorithm.Ed25519, "alice.example");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_thousand_mutated_handshakes_end_in_an_error_or_wait_for_more(int seed)
    {
        var random = new Random(seed);
        var codes = new HashSet<TransportErrorCode>();
        for (int i = 0; i < 1_000; i++)
        {
            bool mutual = random.Next(3) == 0;
            TlsGroup group = random.Next(10) == 0 ? TlsGroup.X25519MLKEM768 : TlsGroup.X25519;
            using var pair = new TlsPair(
                TlsPair.ClientOptions with { Groups = [group], Credential = _alice },
                TlsPair.ServerOptions with { RequireClientCertificate = mutual, CertificateValidator = new RecordingValidator() },
                seed: i);
            int victim = random.Next(mutual ? 9 : 7);
            byte[]? changed = null;
            pair.Tamper = (_, _, bytes) =>
            {
                if (pair.Wire.Count - 1 == victim)
                {
                    Mutate(random, ref bytes);
                    changed = bytes;
                }

                return bytes;
            };
            pair.Run();

            if (changed is null || changed.AsSpan().SequenceEqual(pair.Wire[victim].Bytes))
            {
                continue;
            }

            // Whoever got the changed bytes has not completed on them, or has found what was left over. The sender may have, when it had nothing more to hear.
            bool byServer = pair.Wire[victim].From == Side.Client;
            TlsSession receiver = byServer ? pair.Server : pair.Client;
            Assert.False(receiver.IsComplete && (byServer ? pair.ServerError : pair.ClientError) is null);
            Assert.Null(receiver.LocalFault);
            codes.Add((pair.ClientError ?? pair.ServerError)?.Code ?? TransportErrorCode.NoError);
        }

        Assert.DoesNotContain(Errors.Alert(80), codes);
        Assert.Contains(Errors.Alert(50), codes);
        Assert.Contains(Errors.Alert(51), codes);
    }

    private static void Mutate(Random random, ref byte[] bytes)
    {
        switch (random.Next(5))
        {
            case 0:
                bytes = bytes[..random.Next(bytes.Length)];
                break;
            case 1:
                bytes = [.. bytes, .. bytes.AsSpan(random.Next(bytes.Length))];
                break;
            default:
                for (int n = random.Next(1, 4); n > 0; n--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                break;
        }
    }
}
