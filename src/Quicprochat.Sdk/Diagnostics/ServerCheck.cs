using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Sdk.Diagnostics;

/// <summary>Looks at a server from outside, one thing after the other, and stops at the first that prevents the rest.</summary>
public static class ServerCheck
{
    private static readonly TimeSpan _clockDifferenceMax = TimeSpan.FromMinutes(5);

    /// <summary>Looks up the name, dials, checks the key, and asks the server about itself. Needs no account.</summary>
    public static async IAsyncEnumerable<Finding> RunAsync(ServerAddress address, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Finding name = await LookUpAsync(address, cancellationToken);
        yield return name;
        if (!name.IsGood)
        {
            yield break;
        }
        long began = Stopwatch.GetTimestamp();
        (RpcClient? rpc, Finding dialled) = await DialAsync(address, cancellationToken);
        if (rpc is null)
        {
            yield return dialled;
            yield break;
        }
        await using RpcClient client = rpc;
        yield return dialled with { Says = $"{dialled.Says}, handshake in {Milliseconds(began)} ms" };
        yield return rpc.Connection.Security.StartsWith("X25519MLKEM768", StringComparison.Ordinal)
            ? new Finding("key exchange", true, rpc.Connection.Security)
            : new Finding("key exchange", false, rpc.Connection.Security, "What is sent today could be read once somebody has a quantum computer. Update the server.");
        began = Stopwatch.GetTimestamp();
        ServerInfoResponse info = await rpc.CallAsync(Methods.ServerInfo, new ServerInfoRequest(), cancellationToken);
        string registration = info.Registration.ToString().ToLowerInvariant();
        yield return new Finding("server", true, $"{info.Name}, version {info.Version}, registration {registration}, answers in {Milliseconds(began)} ms");
        yield return ClockOf(info);
        HealthResponse health = await rpc.CallAsync(Methods.Health, new HealthRequest(), cancellationToken);
        yield return health.State == HealthResponse.Types.State.Serving
            ? new Finding("health", true, $"serving for {TimeSpan.FromMilliseconds(health.UptimeMs):d\\.hh\\:mm\\:ss}, {health.Connections} connections, {health.CallsInFlight} calls in flight")
            : new Finding("health", false, "the server is about to stop", "Wait until it is back.");
    }

    private static string Milliseconds(long began) => Stopwatch.GetElapsedTime(began).TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static async Task<Finding> LookUpAsync(ServerAddress address, CancellationToken cancellationToken)
    {
        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(address.Host, cancellationToken);
            return new Finding("name", found.Length > 0, $"{address.Host} is {string.Join(", ", found.Select(static a => a.ToString()))}", found.Length > 0 ? "" : "The name has no address: ask its operator.");
        }
        catch (SocketException e)
        {
            return new Finding("name", false, $"{address.Host} cannot be looked up: {e.Message}", "Check the spelling and the network.");
        }
    }

    private static async Task<(RpcClient? Client, Finding Finding)> DialAsync(ServerAddress address, CancellationToken cancellationToken)
    {
        try
        {
            QuicRpcConnection connection = await QuicRpc.DialAsync(new DialOptions { Host = address.Host, Port = address.Port, Pin = address.KeyHash }, cancellationToken);
            return (new RpcClient(connection), new Finding("connection", true, $"UDP {connection.RemoteAddress}, {(address.KeyHash is null ? "certificate vouched for by an authority" : "key as named")}"));
        }
        catch (RpcConnectionException e)
        {
            string shown = e.ShownKeyHash.IsEmpty ? "" : $" It shows {address.WithKey(e.ShownKeyHash.Span).Fingerprint}.";
            return (null, new Finding("connection", false, e.Message + shown, e.Error switch
            {
                RpcConnectionError.Untrusted => "If its operator names this fingerprint, put it behind the address: host:port#fingerprint.",
                RpcConnectionError.KeyChanged => "Ask its operator for the fingerprint, over another way than this one.",
                RpcConnectionError.Unreachable => "Is the server running? Does a firewall let UDP through to its port?",
                RpcConnectionError.ProtocolMismatch => "Update the older of the two.",
                _ => "Try again in a moment.",
            }));
        }
    }

    private static Finding ClockOf(ServerInfoResponse info)
    {
        TimeSpan difference = DateTimeOffset.FromUnixTimeMilliseconds((long)info.ServerTimeMs) - TimeProvider.System.GetUtcNow();
        string says = $"{Math.Abs(difference.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture)} s apart";
        return difference.Duration() <= _clockDifferenceMax
            ? new Finding("clocks", true, says)
            : new Finding("clocks", false, says, "Certificates and key packages have dates: set the clock of the machine that is wrong.");
    }
}
