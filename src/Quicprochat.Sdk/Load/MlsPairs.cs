using System.Diagnostics;

namespace Quicprochat.Sdk.Load;

/// <summary>Pairs of whole clients, each with a sealed store of its own: what people would get of a server, MLS and two disks included.</summary>
internal static class MlsPairs
{
    /// <summary>Each pair says <paramref name="each"/> lines as fast as it can; lines a second from the first word to the last arrival.</summary>
    public static async Task<double> MeasureAsync(LoadTarget target, int pairs, int each, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("qpc-load-").FullName;
        var clients = new List<QpcClient>();
        try
        {
            for (int i = 0; i < 2 * pairs; i++)
            {
                clients.Add(await WholeClient.RegisterAsync(target, Path.Combine(folder, $"{i}"), cancellationToken));
            }
            var talks = new List<(Conversation Conversation, IAsyncEnumerable<ClientEvent> Arrivals)>();
            for (int i = 0; i < pairs; i++)
            {
                IAsyncEnumerable<ClientEvent> arrivals = clients[(2 * i) + 1].Events(cancellationToken);
                talks.Add((await clients[2 * i].GetDirectAsync(clients[(2 * i) + 1].Account, cancellationToken), arrivals));
            }
            long began = Stopwatch.GetTimestamp();
            await Task.WhenAll(talks.SelectMany(talk => new[] { SayAsync(talk.Conversation, each, cancellationToken), HearAsync(talk.Arrivals, each) }));
            return pairs * each / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
        finally
        {
            foreach (QpcClient client in clients)
            {
                await client.DisposeAsync();
            }
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task SayAsync(Conversation conversation, int count, CancellationToken cancellationToken) =>
        await conversation.SendManyAsync(Enumerable.Range(0, count).Select(static i => $"line {i} of a conversation that is measured").ToAsyncEnumerable(), cancellationToken);

    private static async Task HearAsync(IAsyncEnumerable<ClientEvent> arrivals, int count)
    {
        await foreach (ClientEvent item in arrivals)
        {
            if (item is MessageReceived && --count == 0)
            {
                return;
            }
        }
    }
}
