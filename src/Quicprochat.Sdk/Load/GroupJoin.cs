using System.Diagnostics;

namespace Quicprochat.Sdk.Load;

/// <summary>How long it takes whole clients to make a large group, and one more to be in it.</summary>
internal static class GroupJoin
{
    /// <summary>Makes a group of all but one and invites the last; seconds until the group is made, and from the invitation until the last one is in.</summary>
    public static async Task<(double Made, double Joined)> MeasureAsync(LoadTarget target, int members, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("qpc-load-").FullName;
        try
        {
            await using QpcClient creator = await WholeClient.RegisterAsync(target, Path.Combine(folder, "creator"), cancellationToken);
            await using QpcClient last = await WholeClient.RegisterAsync(target, Path.Combine(folder, "last"), cancellationToken);

            // The others need not be there: their key packages are at the server.
            string[] others = new string[members - 2];
            await Parallel.ForAsync(0, others.Length, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken }, async (i, token) =>
            {
                await using QpcClient client = await WholeClient.RegisterAsync(target, Path.Combine(folder, $"{i}"), token);
                others[i] = client.Account;
            });
            IAsyncEnumerable<ClientEvent> arrivals = last.Events(cancellationToken);
            long began = Stopwatch.GetTimestamp();
            Conversation group = await creator.CreateGroupAsync("large", others, cancellationToken);
            double made = Stopwatch.GetElapsedTime(began).TotalSeconds;
            began = Stopwatch.GetTimestamp();
            await group.InviteAsync([last.Account], cancellationToken);
            await foreach (ClientEvent item in arrivals)
            {
                if (item is ConversationAdded)
                {
                    break;
                }
            }
            return (made, Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
