using Google.Protobuf;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Services;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Handlers;

/// <summary>100–109: who is there.</summary>
internal sealed class AuthHandlers(Accounts accounts, Authentication authentication, KeyPackageStocks stocks, RateLimits rates, TimeProvider clock)
{
    public async ValueTask<RegisterResponse> RegisterAsync(ClientSession session, RegisterRequest request, CancellationToken cancellationToken)
    {
        rates.CheckRegistration(session.Connection.RemoteAddress);
        if (request.Invite.Length > InviteCode.LengthMax)
        {
            throw Refusals.Argument($"invite has {request.Invite.Length} characters; it has at most {InviteCode.LengthMax}.");
        }
        await accounts.RegisterAsync(request.Devices, request.Invite, cancellationToken);
        return new RegisterResponse();
    }

    public static async ValueTask<ChallengeResponse> ChallengeAsync(ClientSession session, ChallengeRequest request, CancellationToken cancellationToken) =>
        new() { Nonce = ByteString.CopyFrom(await Authentication.ChallengeAsync(session, cancellationToken)) };

    public async ValueTask<AuthenticateResponse> AuthenticateAsync(ClientSession session, AuthenticateRequest request, CancellationToken cancellationToken)
    {
        DeviceAddress device = Arguments.Device(request.Device, "device");
        if (request.Signature.Length != DeviceListRules.SignatureLength)
        {
            throw Refusals.Argument($"signature has {request.Signature.Length} bytes; an Ed25519 signature has {DeviceListRules.SignatureLength}.");
        }
        MailboxState mailbox = await authentication.AuthenticateAsync(session, device, request.Signature.Memory, cancellationToken);
        var response = new AuthenticateResponse
        {
            ServerTimeMs = (ulong)clock.GetUtcNow().ToUnixTimeMilliseconds(),
            NewestSequence = (ulong)mailbox.Newest,
            Acknowledged = (ulong)mailbox.Acknowledged,
        };
        response.Stock.Add(await stocks.ReadAsync(device, cancellationToken));
        return response;
    }
}
