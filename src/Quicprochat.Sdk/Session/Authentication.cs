using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Identity;

namespace Quicprochat.Sdk.Session;

/// <summary>How a device proves itself on a connection (docs/protocol/accounts.md).</summary>
internal static class Authentication
{
    private const string ExporterLabel = "EXPORTER-qpc-device-v1";
    private const int BindingSize = 32;

    public static async ValueTask<AuthenticateResponse> ProveAsync(RpcClient rpc, DeviceIdentity device, CancellationToken cancellationToken)
    {
        byte[] binding = await rpc.Connection.ExportKeyingMaterialAsync(ExporterLabel, BindingSize, cancellationToken)
            ?? (await rpc.CallAsync(Methods.Challenge, new ChallengeRequest(), cancellationToken)).Nonce.ToByteArray();
        var request = new AuthenticateRequest
        {
            Device = device.Reference,
            Signature = ByteString.CopyFrom(device.Authenticate(rpc.Connection.Protocol, rpc.Connection.ServerKeyHash.Span, binding)),
        };
        return await rpc.CallAsync(Methods.Authenticate, request, cancellationToken);
    }
}
