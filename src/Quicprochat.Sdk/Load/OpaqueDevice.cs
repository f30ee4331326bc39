using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Quicprochat.Crypto;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Rpc.Pushes;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Session;
using Quicprochat.Transport;

namespace Quicprochat.Sdk.Load;

/// <summary>A device that says and hears opaque bytes: what a server sees of a real one, without MLS and without a store.</summary>
internal sealed class OpaqueDevice : IAsyncDisposable
{
    /// <summary>Envelopes between two acknowledgements.</summary>
    private const int AcknowledgeEvery = 64;

    private readonly DeviceIdentity _identity;
    private readonly CancellationTokenSource _ended = new();
    private bool _isListening;
    private Task _listening = Task.CompletedTask;
    private Task _acknowledging = Task.CompletedTask;

    private OpaqueDevice(DeviceIdentity identity, RpcClient rpc)
    {
        _identity = identity;
        Rpc = rpc;
    }

    public RpcClient Rpc { get; }

    public DeviceRef Reference => _identity.Reference;

    public string Account => _identity.Account;

    /// <summary>Told of each payload that arrives, on the thread that reads.</summary>
    public Action<ReadOnlySpan<byte>> Received { get; set; } = static _ => { };

    public static DeviceIdentity MakeIdentity(string account, out SignedDeviceList list)
    {
        (byte[] accountSeed, _) = LabelledSignature.Generate(SystemRandomSource.Instance);
        (byte[] deviceSeed, byte[] deviceKey) = LabelledSignature.Generate(SystemRandomSource.Instance);
        DeviceId.TryFrom(RandomNumberGenerator.GetBytes(DeviceId.Size), out DeviceId id);
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        using var keys = new AccountKeys(account, accountSeed);
        VerifiedDeviceList verified = VerifiedDeviceList.Sign(keys, null, [keys.Certify(id, deviceKey, "load", now)], now);
        list = verified.Signed;
        return new DeviceIdentity(account, id, deviceSeed, verified);
    }

    /// <summary>Connects, registers a new account, and authenticates.</summary>
    public static async Task<OpaqueDevice> RegisterAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        RpcClient rpc = await DialAsync(target, cancellationToken);
        string name = $"load-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10))}@{target.Name}";
        DeviceIdentity identity = MakeIdentity(name, out SignedDeviceList list);
        await rpc.CallAsync(Methods.Register, new RegisterRequest { Devices = list, Invite = target.Invite ?? "" }, cancellationToken);
        await Authentication.ProveAsync(rpc, identity, cancellationToken);
        return new OpaqueDevice(identity, rpc);
    }

    /// <summary>A further connection of the same device, authenticated.</summary>
    public async Task<RpcClient> LogInAsync(LoadTarget target, CancellationToken cancellationToken)
    {
        RpcClient rpc = await DialAsync(target, cancellationToken);
        await Authentication.ProveAsync(rpc, _identity, cancellationToken);
        return rpc;
    }

    /// <summary>A group of this device and others, as far as the server is concerned.</summary>
    public async Task<OpaqueGroup> CreateGroupAsync(IEnumerable<OpaqueDevice> others, CancellationToken cancellationToken)
    {
        ByteString id = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16));
        var info = new Payload { Inline = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(64)) };
        var first = new LogEntryBody { GroupId = id };
        first.Added.Add(Reference);
        ByteString head = (await Rpc.CallAsync(Methods.CreateGroup, new CreateGroupRequest { Body = first.ToByteString(), GroupInfo = info }, cancellationToken)).EntryHash;

        byte[] commit = RandomNumberGenerator.GetBytes(200);
        var second = new LogEntryBody { GroupId = id, Index = 1, Follows = head, Base = head, CommitHash = ByteString.CopyFrom(SHA256.HashData(commit)) };
        second.Added.Add(others.Select(static other => other.Reference));
        var request = new CommitRequest
        {
            Body = second.ToByteString(),
            Commit = new Payload { Inline = ByteString.CopyFrom(commit) },
            Welcome = new Payload { Inline = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(200)) },
            GroupInfo = info,
        };
        return new OpaqueGroup(this, id, (await Rpc.CallAsync(Methods.Commit, request, cancellationToken)).EntryHash);
    }

    /// <summary>Subscribes, and acknowledges what comes; the second time does nothing.</summary>
    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        if (_isListening)
        {
            return;
        }
        _isListening = true;
        _listening = ReadAsync();
        await Rpc.CallAsync(Methods.Subscribe, new SubscribeRequest(), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await Rpc.DisposeAsync();
        await _listening;
        _identity.Dispose();
        _ended.Dispose();
    }

    private static async Task<RpcClient> DialAsync(LoadTarget target, CancellationToken cancellationToken) => new(await QuicRpc.DialAsync(
        new DialOptions { Host = target.Address.Host, Port = target.Address.Port, Pin = target.Address.KeyHash, Endpoint = target.Endpoint, HandshakeTimeout = TimeSpan.FromSeconds(60) }, cancellationToken));

    private async Task ReadAsync()
    {
        int since = 0;
        try
        {
            await foreach (RpcPush push in Rpc.ReadPushesAsync(_ended.Token))
            {
                if (!push.TryParse(Events.Envelopes, out EnvelopesPush? envelopes))
                {
                    continue;
                }
                foreach (Envelope envelope in envelopes.Envelopes)
                {
                    if (envelope.Kind == EnvelopeKind.Application)
                    {
                        Received(envelope.Payload.Inline.Span);
                    }
                }
                since += envelopes.Envelopes.Count;
                if (since >= AcknowledgeEvery && _acknowledging.IsCompleted)
                {
                    since = 0;
                    _acknowledging = AcknowledgeAsync(envelopes.Envelopes[^1].Sequence);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
        await _acknowledging;
    }

    private async Task AcknowledgeAsync(ulong upTo)
    {
        try
        {
            await Rpc.CallAsync(Methods.Acknowledge, new AcknowledgeRequest { UpTo = upTo }, _ended.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or RpcConnectionException or RpcException)
        {
            // The run is over.
        }
    }
}
