using System.Net;
using Quicprochat.Quic.Paths;

namespace Quicprochat.Quic.Tests.Connections;

/// <summary>The validation of one path, and the answers owed on others (RFC 9000 §8.2).</summary>
public sealed class PathStateTests
{
    private const long ProbeTimeout = 100_000;

    private static readonly NetworkPath _address = new(default, Address.From(new IPEndPoint(IPAddress.Loopback, 1)));

    [Fact]
    public void Only_the_data_of_a_challenge_validates_a_path()
    {
        PathState path = Challenged(out ulong data);
        Assert.False(path.TryAnswer(data ^ 1, out _)); // RFC 9000 §8.2.3
        Assert.False(path.IsValidated);
        Assert.True(path.TryAnswer(data, out _));
        Assert.True(path.IsValidated);
        Assert.Equal(long.MaxValue, path.ValidationDeadline);
        Assert.False(path.TryAnswer(data, out _)); // Each counts once.
    }

    [Fact]
    public void A_challenge_is_repeated_with_new_data_and_validation_has_an_end()
    {
        PathState path = Challenged(out ulong first);
        Assert.Equal(ProbeTimeout, path.ChallengeAgainAt);
        path.RepeatChallenge();
        Assert.True(path.ChallengeIsDue);
        ulong second = path.TakeChallenge(ProbeTimeout, ProbeTimeout, new TestRandom(2), isFullSize: true);
        Assert.NotEqual(first, second); // RFC 9000 §8.2.1
        Assert.InRange(path.ValidationDeadline, 3 * ProbeTimeout, 10_000_000); // RFC 9000 §8.2.4
        Assert.True(path.TryAnswer(first, out _)); // The answer to an older one still counts.
    }

    [Fact]
    public void Before_validation_three_times_what_came_may_go_out()
    {
        var path = new PathState(0, _address, new TransportOptions());
        Assert.Equal(0, path.Budget);
        path.BytesReceived = 1_200;
        path.BytesSent = 1_000;
        Assert.Equal(2_600, path.Budget); // RFC 9000 §8.1
        path.BytesSent = 4_000;
        Assert.Equal(0, path.Budget);
        path.IsValidated = true;
        Assert.Equal(long.MaxValue, path.Budget);
    }

    [Fact]
    public void No_more_than_eight_answers_wait_and_the_oldest_gives_way()
    {
        var responses = new PathResponses();
        for (ulong i = 0; i < 1_000; i++)
        {
            var path = new NetworkPath(default, Address.From(System.Net.IPAddress.Loopback, (ushort)(i + 1)));
            responses.Add(new PathResponses.Owed(path, i, 1_200));
        }
        var taken = new List<ulong>();
        while (responses.TryTake(out PathResponses.Owed owed))
        {
            taken.Add(owed.Data);
        }
        Assert.Equal(Enumerable.Range(992, 8).Select(i => (ulong)i), taken);
    }

    private static PathState Challenged(out ulong data)
    {
        var path = new PathState(0, _address, new TransportOptions());
        path.StartValidation(0, ProbeTimeout);
        Assert.True(path.ChallengeIsDue);
        data = path.TakeChallenge(0, ProbeTimeout, new TestRandom(1), isFullSize: true);
        Assert.False(path.ChallengeIsDue);
        return path;
    }
}
