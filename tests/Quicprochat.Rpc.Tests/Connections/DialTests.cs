using System.Net;
using System.Net.Sockets;
using Quicprochat.Rpc.Connections;

namespace Quicprochat.Rpc.Tests.Connections;

public sealed class DialTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_key_exchange_is_hybrid()
    {
        await using QuicHost host = await QuicHost.StartAsync();
        await using QuicRpcConnection connection = await QuicRpc.DialAsync(host.Dial(), Cancel);
        Assert.StartsWith("X25519MLKEM768, TLS_AES_", connection.Security, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_key_than_the_pinned_one_is_refused_and_shown()
    {
        await using QuicHost host = await QuicHost.StartAsync();
        RpcConnectionException e = await Assert.ThrowsAsync<RpcConnectionException>(async () => await QuicRpc.DialAsync(host.Dial(new byte[32]), Cancel));
        Assert.Equal(RpcConnectionError.KeyChanged, e.Error);
        Assert.Equal(host.KeyHash.ToArray(), e.ShownKeyHash.ToArray());
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_and_its_key_shown()
    {
        await using QuicHost host = await QuicHost.StartAsync();
        RpcConnectionException e = await Assert.ThrowsAsync<RpcConnectionException>(async () => await QuicRpc.DialAsync(new DialOptions { Host = "127.0.0.1", Port = host.Port }, Cancel));
        Assert.Equal(RpcConnectionError.Untrusted, e.Error);
        Assert.Equal(host.KeyHash.ToArray(), e.ShownKeyHash.ToArray());
    }

    [Fact]
    public async Task A_server_of_another_protocol_is_named()
    {
        await using QuicHost host = await QuicHost.StartAsync("qpc/2");
        RpcConnectionException e = await Assert.ThrowsAsync<RpcConnectionException>(async () => await QuicRpc.DialAsync(host.Dial(), Cancel));
        Assert.Equal(RpcConnectionError.ProtocolMismatch, e.Error);
    }

    [Fact]
    public async Task A_host_that_does_not_exist_is_named()
    {
        RpcConnectionException e = await Assert.ThrowsAsync<RpcConnectionException>(async () => await QuicRpc.DialAsync(new DialOptions { Host = "no-such-host.invalid" }, Cancel));
        Assert.Equal(RpcConnectionError.HostUnknown, e.Error);
    }

    [Fact]
    public async Task A_port_where_nobody_answers_is_named()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var options = new DialOptions { Host = "127.0.0.1", Port = ((IPEndPoint)silent.LocalEndPoint!).Port, HandshakeTimeout = TimeSpan.FromMilliseconds(300) };
        RpcConnectionException e = await Assert.ThrowsAsync<RpcConnectionException>(async () => await QuicRpc.DialAsync(options, Cancel));
        Assert.Equal(RpcConnectionError.Unreachable, e.Error);
    }
}
