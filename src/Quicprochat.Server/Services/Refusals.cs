using Google.Protobuf;
using Quicprochat.Rpc.Calls;

namespace Quicprochat.Server.Services;

/// <summary>The answers other than Ok, each with its status, code and a sentence that says what to do.</summary>
internal static class Refusals
{
    public static RpcException Argument(string sentence) => new(RpcStatus.InvalidArgument, ErrorCodes.ArgumentInvalid, sentence);

    public static RpcException TooLarge(string sentence) => new(RpcStatus.PayloadTooLarge, ErrorCodes.FrameTooLarge, sentence);

    public static RpcException RateLimited(TimeSpan wait, string what) =>
        new(RpcStatus.ResourceExhausted, ErrorCodes.RateLimited, $"Too many {what}. Try again in {Math.Max(1, Math.Ceiling(wait.TotalSeconds)):0} s.")
        {
            // At least a millisecond: 0 on the wire would mean that waiting does not help.
            RetryAfter = wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait,
        };

    public static RpcException Draining() =>
        new(RpcStatus.Unavailable, ErrorCodes.ServerDraining, "The server is going away. Connect again in a moment.") { RetryAfter = TimeSpan.FromSeconds(1) };

    public static RpcException StorageUnavailable() =>
        new(RpcStatus.Unavailable, ErrorCodes.StorageUnavailable, "The server cannot write to its disk, which may be full. Nothing of the call was kept. Try again later; the operator's log says more.")
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };

    public static RpcException ServerFault() => new(RpcStatus.Internal, ErrorCodes.ServerFault, "The server has a fault; its log says more.");

    public static RpcException AuthenticationFailed(string sentence) => new(RpcStatus.Unauthenticated, ErrorCodes.AuthenticationFailed, sentence);

    public static RpcException DeviceUnknown(string sentence) => new(RpcStatus.NotFound, ErrorCodes.DeviceUnknown, sentence);

    public static RpcException DeviceRevoked() =>
        new(RpcStatus.PermissionDenied, ErrorCodes.DeviceUnknown, "The account's newest device list does not have this device. Add it with another device of the account, or register a new one.");

    public static RpcException AccountUnknown(string account) =>
        new(RpcStatus.NotFound, ErrorCodes.AccountUnknown, $"There is no account {account} here. Look at the spelling, and at the server behind the @.");

    public static RpcException GroupUnknown() =>
        new(RpcStatus.NotFound, ErrorCodes.GroupUnknown, "There is no such group for this device. If it should be in the group, a member has to add it again.");

    public static RpcException GroupNotMember() =>
        new(RpcStatus.PermissionDenied, ErrorCodes.GroupNotMember, "The device is not on the group's roster after the entry named. Take the group's log; if it was removed, a member has to add it again.");

    public static RpcException BlobUnknown() =>
        new(RpcStatus.NotFound, ErrorCodes.BlobUnknown, "There is no such blob, complete and put for this group. Put it, to its last chunk, before naming it.");

    public static RpcException With(this RpcException refusal, IMessage detail) => new(refusal.Status, refusal.Code, refusal.Message) { RetryAfter = refusal.RetryAfter, Detail = detail.ToByteArray() };
}
