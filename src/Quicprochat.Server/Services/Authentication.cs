using System.Security.Cryptography;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Server.Hosting;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>How a device proves itself (docs/protocol/accounts.md): a signature bound to the keys of this connection.</summary>
internal sealed class Authentication(IServerStore store, QpcServerLimits limits, Sessions sessions, RateLimits rates, TimeProvider clock)
{
    /// <summary>How far a device's clock may be from the server's: an hour and five minutes.</summary>
    private static readonly TimeSpan _skew = TimeSpan.FromMinutes(65);

    /// <summary>A nonce for a connection without an exporter.</summary>
    public static async ValueTask<byte[]> ChallengeAsync(ClientSession session, CancellationToken cancellationToken)
    {
        if (await session.Connection.ExportKeyingMaterialAsync(DeviceProof.ExporterLabel, DeviceProof.BindingLength, cancellationToken) is not null)
        {
            throw Refusals.Argument($"This connection has an exporter: sign what it gives for {DeviceProof.ExporterLabel}; a nonce is not taken in its place.");
        }
        byte[] nonce = RandomNumberGenerator.GetBytes(DeviceProof.BindingLength);
        session.SetNonce(nonce);
        return nonce;
    }

    /// <summary>Makes the connection the device's, or refuses; too many refusals close it.</summary>
    public async ValueTask<MailboxState> AuthenticateAsync(ClientSession session, DeviceAddress device, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken)
    {
        if (session.IsAuthenticated && session.Device != device)
        {
            throw new RpcException(RpcStatus.PermissionDenied, ErrorCodes.AuthenticationFailed, "The connection is another device's. Open one for each device.");
        }
        try
        {
            return await ProveAsync(session, device, signature, cancellationToken);
        }
        catch (RpcException)
        {
            if (session.CountFailure() >= limits.AuthenticationAttemptsMax)
            {
                await session.Connection.CloseAsync(CloseCode.RateLimited, "Too many authentications failed.");
            }
            throw;
        }
    }

    private async ValueTask<MailboxState> ProveAsync(ClientSession session, DeviceAddress device, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken)
    {
        byte[] binding = await session.Connection.ExportKeyingMaterialAsync(DeviceProof.ExporterLabel, DeviceProof.BindingLength, cancellationToken)
            ?? session.TakeNonce()
            ?? throw Refusals.AuthenticationFailed("This connection has no exporter: ask auth.challenge for a nonce, which is good for one attempt, and sign it.");
        while (true)
        {
            long publications = sessions.Publications;
            DeviceRecord? record = await store.FindDeviceAsync(device, cancellationToken);
            if (record is null)
            {
                session.Revoke();
                throw Refusals.DeviceRevoked();
            }
            Check(session, record.Listed, device, signature.Span, binding);
            if (!session.TryBecome(device, rates.CallsOf(device)))
            {
                throw Refusals.DeviceRevoked();
            }
            sessions.AddDevice(session);
            if (sessions.Publications == publications)
            {
                return record.Mailbox;
            }

            // A list came in between, and may have left this device out before it was known as connected.
        }
    }

    private void Check(ClientSession session, ListedDevice listed, DeviceAddress device, ReadOnlySpan<byte> signature, byte[] binding)
    {
        Span<byte> id = stackalloc byte[DeviceId.Length];
        device.Id.CopyTo(id);
        byte[] message = DeviceProof.MessageOf(session.Connection.Protocol, session.Connection.ServerKeyHash.Span, device.Account, id, binding);
        if (!LabeledSignature.Verify(listed.Key.Span, LabeledSignature.DeviceAuthentication, message, signature))
        {
            throw Refusals.AuthenticationFailed("The signature is not the device's over this connection. Sign the connection's own exporter value with the device key that the account lists.");
        }
        long now = clock.GetUtcNow().ToUnixTimeSeconds();
        long skew = (long)_skew.TotalSeconds;
        if (now < listed.NotBefore - skew || (listed.NotAfter < long.MaxValue - skew && now > listed.NotAfter + skew))
        {
            throw new RpcException(
                RpcStatus.Unauthenticated, ErrorCodes.DeviceExpired,
                $"The device's certificate does not hold now: it is {clock.GetUtcNow():yyyy-MM-dd HH:mm} UTC here. Look at the device's clock; if it is right, have the account sign the device anew.");
        }
    }
}
