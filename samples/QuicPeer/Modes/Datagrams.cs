using System.Text;
using Quicprochat.Transport;

namespace QuicPeer.Modes;

/// <summary>Datagrams to and fro, one at a time; one that is lost is counted as that.</summary>
internal static class Datagrams
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    public static async Task<string> RunAsync(Client client, int count)
    {
        await using QuicConnection connection = await client.DialAsync(Settings.Echo);
        int echoed = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] sent = Encoding.ASCII.GetBytes($"dg{i}");
            await connection.SendDatagramAsync(sent);
            echoed += await ReceiveAsync(connection, sent) ? 1 : 0;
        }
        return echoed > 0 || count == 0
            ? $"datagrams echoed {echoed} of {count}"
            : throw new InvalidDataException("No datagram came back.");
    }

    private static async Task<bool> ReceiveAsync(QuicConnection connection, byte[] sent)
    {
        using var patience = new CancellationTokenSource(_patience);
        try
        {
            // A late answer to an earlier datagram is skipped.
            while (true)
            {
                ReadOnlyMemory<byte> received = await connection.ReceiveDatagramAsync(patience.Token);
                if (received.Span.SequenceEqual(sent))
                {
                    return true;
                }
                if (!received.Span.StartsWith("dg"u8))
                {
                    throw new InvalidDataException("A datagram came back changed.");
                }
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
