using System.Net;
using Quicprochat.Quic;
using Quicprochat.Transport.Certificates;
using Quicprochat.Transport.Loop;

namespace Quicprochat.Transport;

/// <summary>
/// Finds the address that answers: the next one is tried when the one before has failed or a quarter of a second has passed, and the first that is established wins (RFC 8305).
/// </summary>
internal sealed class Dialler(QuicEndpoint endpoint, QuicClientConnectionOptions options, TimeProvider timeProvider)
{
    /// <summary>The Connection Attempt Delay that RFC 8305 §5 recommends.</summary>
    private static readonly TimeSpan _attemptDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>Addresses tried of one name.</summary>
    private const int AttemptsMax = 8;

    public async ValueTask<QuicConnection> DialAsync(CancellationToken cancellationToken)
    {
        CoreOptions.Check(options);
        cancellationToken.ThrowIfCancellationRequested();
        (string host, List<IPEndPoint> remotes) = await ResolveAsync(cancellationToken);
        return remotes.Count switch
        {
            0 => throw new QuicException(QuicError.ConnectionRefused, null, $"No address of {host} can be reached from {endpoint.LocalEndPoint}."),
            1 => await DialAsync(remotes[0], host, cancellationToken),
            _ => await RaceAsync(remotes, host, cancellationToken),
        };
    }

    private async ValueTask<(string Host, List<IPEndPoint> Remotes)> ResolveAsync(CancellationToken cancellationToken)
    {
        (string host, int port, IPAddress[] addresses) = options.RemoteEndPoint switch
        {
            IPEndPoint ip => (ip.Address.ToString(), ip.Port, new[] { ip.Address }),
            DnsEndPoint dns => (dns.Host, dns.Port, await Dns.GetHostAddressesAsync(dns.Host, dns.AddressFamily, cancellationToken)),
            _ => throw new ArgumentException("RemoteEndPoint must be an IPEndPoint or a DnsEndPoint."),
        };
        string target = options.ClientAuthenticationOptions.TargetHost is { Length: > 0 } given ? given : host;
        List<IPEndPoint> remotes = [.. addresses.Take(AttemptsMax).Select(address => new IPEndPoint(address, port)).Where(CanReach)];
        return (target, remotes);
    }

    private bool CanReach(IPEndPoint remote) => endpoint.Loop.Socket.CanReach(Address.From(remote));

    private async Task<QuicConnection> DialAsync(IPEndPoint remote, string host, CancellationToken cancellationToken)
    {
        var connection = new QuicConnection(endpoint, options, remote, host);
        (ClientConnectionOptions core, CertificateValidator validator) = CoreOptions.OfClient(options, host, connection);
        connection.Post(new LoopAction(connection, now => connection.Start(now, core, validator), connection.HandleEndOfLoop));
        try
        {
            await connection.Handshake.WaitAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<QuicConnection> RaceAsync(List<IPEndPoint> remotes, string host, CancellationToken cancellationToken)
    {
        using var race = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var attempts = new List<Task<QuicConnection>>();
        Exception? lastError = null;
        try
        {
            while (remotes.Count > 0 || attempts.Count > 0)
            {
                if (remotes.Count > 0)
                {
                    attempts.Add(DialAsync(remotes[0], host, race.Token));
                    remotes.RemoveAt(0);
                }
                Task delay = Task.Delay(remotes.Count > 0 ? _attemptDelay : Timeout.InfiniteTimeSpan, timeProvider, race.Token);
                if (await Task.WhenAny([.. attempts, delay]) is not Task<QuicConnection> ended)
                {
                    race.Token.ThrowIfCancellationRequested();
                    continue;
                }
                attempts.Remove(ended);
                try
                {
                    return await ended;
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    lastError = e;
                }
            }
            throw lastError!;
        }
        finally
        {
            await race.CancelAsync();
            foreach (Task<QuicConnection> loser in attempts)
            {
                await DiscardAsync(loser);
            }
        }
    }

    private static async Task DiscardAsync(Task<QuicConnection> loser)
    {
        try
        {
            await (await loser).DisposeAsync();
        }
        catch (Exception)
        {
            // Another address won, or the caller gave up: why this one failed is of no interest any more.
        }
    }
}
