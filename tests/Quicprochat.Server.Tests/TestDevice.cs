using System.Security.Cryptography;
using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Services;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Tests;

/// <summary>A device as a client has it.</summary>
internal sealed class TestDevice(TestAccount account)
{
    private readonly (byte[] Private, byte[] Public) _key = TestAccount.NewKey();

    public byte[] Id { get; } = RandomNumberGenerator.GetBytes(DeviceId.Length);

    public DateTimeOffset NotBefore { get; set; } = DateTimeOffset.UtcNow.AddMinutes(-1);

    public DateTimeOffset NotAfter { get; set; } = DateTimeOffset.UtcNow.AddYears(1);

    public DeviceRef Ref => new() { Account = account.Name, DeviceId = ByteString.CopyFrom(Id) };

    public DeviceAddress Address => new(account.Name, new DeviceId(Id));

    public DeviceCertificate Certificate() => new()
    {
        Account = account.Name,
        DeviceId = ByteString.CopyFrom(Id),
        DeviceKey = ByteString.CopyFrom(_key.Public),
        NotBefore = (ulong)NotBefore.ToUnixTimeSeconds(),
        NotAfter = (ulong)NotAfter.ToUnixTimeSeconds(),
        Name = "laptop",
    };

    /// <summary>What this device signs on a connection.</summary>
    public async Task<ByteString> SignAsync(IRpcConnection connection)
    {
        byte[]? exported = await connection.ExportKeyingMaterialAsync("EXPORTER-qpc-device-v1", 32);
        return Sign(connection, exported!);
    }

    public ByteString Sign(IRpcConnection connection, ReadOnlySpan<byte> binding) => TestAccount.Sign(
        _key.Private, LabeledSignature.DeviceAuthentication, DeviceProof.MessageOf(connection.Protocol, connection.ServerKeyHash.Span, account.Name, Id, binding));

    public async Task<AuthenticateResponse> AuthenticateAsync(RpcClient client) =>
        await client.AskAsync(Methods.Authenticate, new AuthenticateRequest { Device = Ref, Signature = await SignAsync(client.Connection) });
}
