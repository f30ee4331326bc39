using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Transport;

namespace Quicprochat.Sdk.Load;

/// <summary>
/// Measures a server from outside, with real connections and durable messages whose payloads are opaque. It makes accounts of its own and leaves them there: use it on a
/// server that may be filled.
/// </summary>
public sealed class LoadRun : IAsyncDisposable
{
    /// <summary>Messages of one sender on their way at once: more would run into the limit that a server has for one device (10,000 calls a second).</summary>
    private const int DepthMax = 8;

    private readonly LoadOptions _options;
    private readonly LoadTarget _target;
    private readonly List<OpaqueDevice> _devices = [];

    private LoadRun(LoadOptions options, LoadTarget target)
    {
        _options = options;
        _target = target;
    }

    /// <summary>Connects once to learn the server's name.</summary>
    public static async Task<LoadRun> StartAsync(LoadOptions options, CancellationToken cancellationToken = default)
    {
        QuicEndpoint endpoint = QuicEndpoint.Open(new QuicEndpointOptions { LocalEndPoint = new IPEndPoint(IPAddress.Any, 0), ReceiveBufferSize = 16 << 20, SendBufferSize = 8 << 20 });
        await using var rpc = new RpcClient(await QuicRpc.DialAsync(new DialOptions { Host = options.Server.Host, Port = options.Server.Port, Pin = options.Server.KeyHash, Endpoint = endpoint }, cancellationToken));
        ServerInfoResponse info = await rpc.CallAsync(Methods.ServerInfo, new ServerInfoRequest(), cancellationToken);
        return new LoadRun(options, new LoadTarget(options.Server, info.Name, options.Invite, endpoint));
    }

    /// <summary>Everything that the options ask for, a figure at a time.</summary>
    public async IAsyncEnumerable<LoadFigure> MeasureAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return await MeasureLoginsAsync(cancellationToken);
        foreach (int pairs in _options.Pairs)
        {
            yield return await MeasurePairsAsync(pairs, cancellationToken);
        }
        foreach (LoadFigure figure in await MeasureLatencyAsync(cancellationToken))
        {
            yield return figure;
        }
        foreach (int members in _options.Members)
        {
            yield return await MeasureFanOutAsync(members, cancellationToken);
        }
        foreach (int pairs in _options.MlsPairs)
        {
            double rate = await MlsPairs.MeasureAsync(_target, pairs, _options.MlsLines / pairs, cancellationToken);
            yield return new LoadFigure($"messages with MLS and the stores of both ends, {pairs} pairs, from said to shown", "messages/s", rate);
        }
    }

    /// <summary>Authenticated connections that do nothing until the run is disposed.</summary>
    public async Task IdleAsync(int count, CancellationToken cancellationToken = default)
    {
        List<OpaqueDevice> idle = await TakeAsync(count, cancellationToken);
        await Parallel.ForEachAsync(idle, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, static async (device, token) => await device.ListenAsync(token));
    }

    /// <summary>Makes a large group of whole clients, and lets one more join.</summary>
    public async Task<IReadOnlyList<LoadFigure>> JoinAsync(int members, CancellationToken cancellationToken = default)
    {
        (double made, double joined) = await GroupJoin.MeasureAsync(_target, members, cancellationToken);
        return
        [
            new LoadFigure($"a group of {members - 1} whole clients made in one commit", "s", made, null, SmallerIsBetter: true),
            new LoadFigure($"one more invited and in it: {members} members", "s", joined, 5, SmallerIsBetter: true),
        ];
    }

    /// <summary>Stores messages that nobody fetches.</summary>
    public async Task StoreAsync(int count, CancellationToken cancellationToken = default)
    {
        List<OpaqueDevice> devices = await TakeAsync(2, cancellationToken);
        OpaqueGroup group = await devices[0].CreateGroupAsync([devices[1]], cancellationToken);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 128, CancellationToken = cancellationToken }, async (_, token) =>
            await group.SendAsync(System.Security.Cryptography.RandomNumberGenerator.GetBytes(_options.PayloadLength), token));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (OpaqueDevice device in _devices)
        {
            await device.DisposeAsync();
        }
        await _target.Endpoint.DisposeAsync();
    }

    /// <summary>Connections with a full handshake and an authentication, 16 at once.</summary>
    private async Task<LoadFigure> MeasureLoginsAsync(CancellationToken cancellationToken)
    {
        List<OpaqueDevice> devices = await TakeAsync(16, cancellationToken);
        long began = Stopwatch.GetTimestamp();
        int left = _options.Logins;
        await Task.WhenAll(devices.Select(async device =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await using RpcClient rpc = await device.LogInAsync(_target, cancellationToken);
            }
        }));
        return new LoadFigure("connections made and authenticated, 16 at once", "logins/s", _options.Logins / Stopwatch.GetElapsedTime(began).TotalSeconds, 400);
    }

    private async Task<LoadFigure> MeasurePairsAsync(int pairs, CancellationToken cancellationToken)
    {
        List<OpaqueDevice> devices = await TakeAsync(2 * pairs, cancellationToken);
        var counter = new ArrivalCounter();
        var groups = new List<OpaqueGroup>();
        for (int i = 0; i < pairs; i++)
        {
            groups.Add(await devices[2 * i].CreateGroupAsync([devices[(2 * i) + 1]], cancellationToken));
            devices[(2 * i) + 1].Received = counter.Count;
            await devices[(2 * i) + 1].ListenAsync(cancellationToken);
        }
        int depth = Math.Clamp(_options.InFlight / pairs, 1, DepthMax);
        double rate = await PumpAsync(groups, depth, counter, cancellationToken);
        return new LoadFigure($"durable messages, {pairs} pairs, {pairs * depth} in flight, accepted and delivered", "messages/s", rate, pairs == 1 ? null : 5_000);
    }

    private async Task<LoadFigure> MeasureFanOutAsync(int members, CancellationToken cancellationToken)
    {
        List<OpaqueDevice> devices = await TakeAsync(members, cancellationToken);
        var counter = new ArrivalCounter();
        foreach (OpaqueDevice device in devices.Skip(1))
        {
            device.Received = counter.Count;
            await device.ListenAsync(cancellationToken);
        }
        OpaqueGroup group = await devices[0].CreateGroupAsync(devices.Skip(1), cancellationToken);
        double rate = await PumpAsync([group], 16, counter, cancellationToken);
        return new LoadFigure($"fan-out in a group of {members}", "copies/s", rate, members == 100 ? 12_000 : null);
    }

    /// <summary>Keeps messages on their way, and counts what arrives in the measured time.</summary>
    private async Task<double> PumpAsync(List<OpaqueGroup> groups, int depth, ArrivalCounter counter, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        byte[] payload = new byte[_options.PayloadLength];
        Task[] senders = [.. groups.SelectMany(group => Enumerable.Range(0, depth).Select(_ => SendUntilAsync(group, payload, stop)))];
        await Task.Delay(_options.Duration / 5, cancellationToken);
        long first = counter.Total;
        long began = Stopwatch.GetTimestamp();
        await Task.Delay(_options.Duration, cancellationToken);
        double rate = (counter.Total - first) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(senders);
        return rate;
    }

    private static async Task SendUntilAsync(OpaqueGroup group, byte[] payload, CancellationTokenSource stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await group.SendAsync(payload, CancellationToken.None);
            }
            catch (RpcException e) when (e.Status == RpcStatus.ResourceExhausted)
            {
                // The server's limit for one device is part of what is measured.
                await Task.Delay(e.RetryAfter, CancellationToken.None);
            }
        }
    }

    /// <summary>From the call to the push, at a steady rate over 50 pairs. Each payload begins with when it was sent.</summary>
    private async Task<LoadFigure[]> MeasureLatencyAsync(CancellationToken cancellationToken)
    {
        const int Pairs = 50;
        List<OpaqueDevice> devices = await TakeAsync(2 * Pairs, cancellationToken);
        var arrivals = new List<double>();
        var groups = new List<OpaqueGroup>();
        for (int i = 0; i < Pairs; i++)
        {
            groups.Add(await devices[2 * i].CreateGroupAsync([devices[(2 * i) + 1]], cancellationToken));
            devices[(2 * i) + 1].Received = payload =>
            {
                double ms = Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64BigEndian(payload)).TotalMilliseconds;
                lock (arrivals)
                {
                    arrivals.Add(ms);
                }
            };
            await devices[(2 * i) + 1].ListenAsync(cancellationToken);
        }
        await PaceAsync(groups, _options.Duration / 5, cancellationToken);
        lock (arrivals)
        {
            arrivals.Clear();
        }
        await PaceAsync(groups, _options.Duration, cancellationToken);
        lock (arrivals)
        {
            arrivals.Sort();
            return
            [
                new LoadFigure($"latency from send to arrival, {_options.LatencyRate} messages/s, p50", "ms", arrivals[arrivals.Count / 2], 1, SmallerIsBetter: true),
                new LoadFigure($"latency from send to arrival, {_options.LatencyRate} messages/s, p99", "ms", arrivals[arrivals.Count * 99 / 100], 8, SmallerIsBetter: true),
            ];
        }
    }

    private async Task PaceAsync(List<OpaqueGroup> groups, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var sends = new List<Task>();
        long began = Stopwatch.GetTimestamp();
        int sent = 0;
        while (Stopwatch.GetElapsedTime(began) is var elapsed && elapsed < duration)
        {
            for (; sent < elapsed.TotalSeconds * _options.LatencyRate; sent++)
            {
                byte[] payload = new byte[_options.PayloadLength];
                BinaryPrimitives.WriteInt64BigEndian(payload, Stopwatch.GetTimestamp());
                sends.Add(groups[sent % groups.Count].SendAsync(payload, CancellationToken.None));
            }
            await timer.WaitForNextTickAsync(cancellationToken);
        }
        await Task.WhenAll(sends);
    }

    /// <summary>The first <paramref name="count"/> devices, of which those that are missing are made.</summary>
    private async Task<List<OpaqueDevice>> TakeAsync(int count, CancellationToken cancellationToken)
    {
        int missing = count - _devices.Count;
        if (missing > 0)
        {
            var made = new System.Collections.Concurrent.ConcurrentBag<OpaqueDevice>();
            await Parallel.ForAsync(0, missing, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (_, token) => made.Add(await OpaqueDevice.RegisterAsync(_target, token)));
            _devices.AddRange(made);
        }
        return _devices.GetRange(0, count);
    }
}
