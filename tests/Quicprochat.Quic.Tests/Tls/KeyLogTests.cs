using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

public sealed class KeyLogTests
{
    private static readonly string[] _labels =
    [
        "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0", "EXPORTER_SECRET",
    ];

    [Fact]
    public void Both_ends_log_the_same_secrets_under_the_clients_random()
    {
        var client = new RecordingKeyLog();
        var server = new RecordingKeyLog();
        using TlsPair pair = new TlsPair(TlsPair.ClientOptions with { KeyLog = client }, TlsPair.ServerOptions with { KeyLog = server }).RunToCompletion();

        Assert.Equal(_labels.Order(), client.Secrets.Keys.Order());
        Assert.Equal(_labels.Order(), server.Secrets.Keys.Order());
        Assert.All(_labels, label => Assert.Equal(client.Secrets[label], server.Secrets[label]));
        byte[] random = new HelloEditor(pair.Wire[0].Bytes).Random;
        Assert.All(client.Randoms.Concat(server.Randoms), logged => Assert.Equal(random, logged));
        Assert.True(pair.ClientSecrets[0].Write.FixedTimeEquals(client.Secrets[_labels[0]]));
        Assert.True(pair.ClientSecrets[0].Read.FixedTimeEquals(client.Secrets[_labels[1]]));
        Assert.True(pair.ClientSecrets[1].Write.FixedTimeEquals(client.Secrets[_labels[2]]));
        Assert.True(pair.ClientSecrets[1].Read.FixedTimeEquals(client.Secrets[_labels[3]]));
    }

    internal sealed class RecordingKeyLog : IKeyLog
    {
        public Dictionary<string, byte[]> Secrets { get; } = [];

        public List<byte[]> Randoms { get; } = [];

        public void Write(string label, ReadOnlySpan<byte> clientRandom, ReadOnlySpan<byte> secret)
        {
            Secrets.Add(label, secret.ToArray());
            Randoms.Add(clientRandom.ToArray());
        }
    }
}
