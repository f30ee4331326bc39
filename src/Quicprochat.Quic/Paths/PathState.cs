using Quicprochat.Crypto;
using Quicprochat.Quic.Recovery;

namespace Quicprochat.Quic.Paths;

/// <summary>What is known of one path: its validation, its budget before that, its round-trip time, window and size (RFC 9000 §8, §9; RFC 9002).</summary>
internal sealed class PathState
{
    /// <summary>Bytes that may be sent for each one received, before the address is validated (RFC 9000 §8.1).</summary>
    private const int AmplificationFactor = 3;

    private const int ChallengesMax = 3;

    /// <summary>The probe timeout of a path nothing is known of (RFC 9002 §6.2.2), in microseconds.</summary>
    private const long InitialProbeTimeout = 999_000;

    private readonly List<(ulong Data, bool IsFullSize)> _challenges = [];

    public PathState(int id, in NetworkPath address, TransportOptions options)
    {
        Id = id;
        Address = address;
        Mtu = new MtuDiscovery(options.MaxUdpPayloadSize);
        Recovery = new PathRecovery(id, new RttEstimator(options.InitialRtt), new NewReno(Mtu.Current), new EcnValidator(isEnabled: true));
    }

    /// <summary>A path that most likely is the old one behind a NAT that forgot it: what was learnt still counts (RFC 9000 §9.4).</summary>
    public PathState(int id, in NetworkPath address, PathState old)
    {
        Id = id;
        Address = address;
        Mtu = old.Mtu;
        Mtu.ForgetProbe(); // Its answer would be counted for the old path.
        Recovery = new PathRecovery(id, old.Rtt, new NewReno(Mtu.Current), old.Ecn);
    }

    /// <summary>This end's own number for the path: sent packets are remembered by it.</summary>
    public int Id { get; }

    /// <summary>Round-trip time, congestion window, pacing, ECN.</summary>
    public PathRecovery Recovery { get; }

    /// <summary>The two addresses.</summary>
    public NetworkPath Address { get; set; }

    /// <summary>True once the peer has shown that it receives at its address.</summary>
    public bool IsValidated { get; set; }

    /// <summary>UDP payload bytes received on this path.</summary>
    public long BytesReceived { get; set; }

    /// <summary>UDP payload bytes sent on this path.</summary>
    public long BytesSent { get; set; }

    /// <summary>The round-trip time.</summary>
    public RttEstimator Rtt => Recovery.Rtt;

    /// <summary>The congestion window.</summary>
    public ICongestionController Congestion => Recovery.Congestion;

    /// <summary>The size of datagrams.</summary>
    public MtuDiscovery Mtu { get; }

    /// <summary>Whether the path carries ECN marks.</summary>
    public EcnValidator Ecn => Recovery.Ecn;

    /// <summary>True while a validation is under way.</summary>
    public bool IsBeingValidated => ValidationDeadline != long.MaxValue;

    /// <summary>True while a PATH_CHALLENGE waits to be sent.</summary>
    public bool ChallengeIsDue { get; private set; }

    /// <summary>When the validation under way fails, in microseconds; <see cref="long.MaxValue"/> when none is.</summary>
    public long ValidationDeadline { get; private set; } = long.MaxValue;

    /// <summary>When a PATH_CHALLENGE without an answer is repeated, in microseconds.</summary>
    public long ChallengeAgainAt { get; private set; } = long.MaxValue;

    /// <summary>Bytes that may still be sent before the address is validated.</summary>
    public long Budget => IsValidated ? long.MaxValue : Math.Max(0, (AmplificationFactor * BytesReceived) - BytesSent);

    /// <summary>Starts validating the path (RFC 9000 §8.2.1); it fails after three probe timeouts.</summary>
    public void StartValidation(long now, long probeTimeout)
    {
        _challenges.Clear();
        ChallengeIsDue = true;
        ValidationDeadline = now + (3 * Math.Max(probeTimeout, InitialProbeTimeout));
        ChallengeAgainAt = long.MaxValue;
    }

    /// <summary>The next challenge's data, unpredictable. At most three count at once.</summary>
    /// <param name="now">The time.</param>
    /// <param name="probeTimeout">When it is repeated.</param>
    /// <param name="random">Where it comes from.</param>
    /// <param name="isFullSize">Whether its datagram has at least 1,200 bytes.</param>
    public ulong TakeChallenge(long now, long probeTimeout, IRandomSource random, bool isFullSize)
    {
        Span<byte> bytes = stackalloc byte[8];
        random.Fill(bytes);
        ulong data = BitConverter.ToUInt64(bytes);
        if (_challenges.Count == ChallengesMax)
        {
            _challenges.RemoveAt(0);
        }
        _challenges.Add((data, isFullSize));
        ChallengeIsDue = false;
        ChallengeAgainAt = now + probeTimeout;
        return data;
    }

    /// <summary>The challenge had no answer in time.</summary>
    public void RepeatChallenge()
    {
        ChallengeIsDue = true;
        ChallengeAgainAt = long.MaxValue;
    }

    /// <summary>True when <paramref name="data"/> answers one of this path's challenges: the peer receives at its address, and what is <paramref name="isFullSize"/>.</summary>
    public bool TryAnswer(ulong data, out bool isFullSize)
    {
        int index = _challenges.FindIndex(challenge => challenge.Data == data);
        isFullSize = index >= 0 && _challenges[index].IsFullSize;
        if (index < 0)
        {
            return false;
        }
        IsValidated = true;
        EndValidation();
        return true;
    }

    /// <summary>Validation has ended, one way or the other.</summary>
    public void EndValidation()
    {
        _challenges.Clear();
        ChallengeIsDue = false;
        ValidationDeadline = long.MaxValue;
        ChallengeAgainAt = long.MaxValue;
    }
}
