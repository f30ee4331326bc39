using Quicprochat.Mls;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Connections;
using Quicprochat.Sdk.Store;

namespace Quicprochat.Sdk.Session;

/// <summary>What failures below mean for a person.</summary>
internal static class Problems
{
    /// <summary>The failure with a remedy; null for what is no failure of this kind.</summary>
    public static QpcException? Explain(Exception failure) => failure switch
    {
        QpcException known => known,
        RpcException refused => OfCall(refused),
        RpcConnectionException connection => OfConnection(connection),
        StoreException store => OfStore(store),
        MlsException mls => new QpcException(QpcError.NotAllowed, $"The group does not allow it: {mls.Message}", "Try again; report it when it lasts.", mls),
        _ => null,
    };

    /// <summary>The failure with a remedy, or as a bug.</summary>
    public static QpcException ExplainAll(Exception failure) =>
        Explain(failure) ?? new QpcException(QpcError.Internal, $"Something failed that should not: {failure.Message}", "Please report it with the log.", failure);

    /// <summary>True for what may be over by itself after a while.</summary>
    public static bool IsPassing(QpcException problem) => problem.Error switch
    {
        QpcError.HostUnknown or QpcError.Unreachable or QpcError.ServerUnavailable or QpcError.NotConnected or QpcError.Refused or QpcError.Internal => true,
        _ => false,
    };

    public static QpcException NotConnected() => new(QpcError.NotConnected, "There is no connection to the server.", "Connect first.");

    private static QpcException OfConnection(RpcConnectionException e) => e.Error switch
    {
        RpcConnectionError.HostUnknown => new(QpcError.HostUnknown, e.Message, "Check the spelling of the address and the network.", e),
        RpcConnectionError.Unreachable => new(QpcError.Unreachable, e.Message, "Check that the server runs, that its UDP port is open, and the network.", e),
        RpcConnectionError.Refused => new(QpcError.ServerUnavailable, e.Message, "Try again in a moment.", e),
        RpcConnectionError.KeyChanged => new(QpcError.ServerKeyChanged, e.Message, "If the operator confirms the new key, give the address with the new #fingerprint.", e),
        RpcConnectionError.Untrusted => new(QpcError.ServerKeyUnknown, e.Message, "Ask the operator for the address with its #fingerprint.", e),
        RpcConnectionError.ProtocolMismatch => new(QpcError.ProtocolMismatch, e.Message, "Update whichever of the two is older.", e),
        RpcConnectionError.ClosedByPeer => OfClose(e),
        _ => new(QpcError.NotConnected, e.Message, "It is tried again; check the network if it lasts.", e),
    };

    private static QpcException OfClose(RpcConnectionException e) => e.PeerCode switch
    {
        CloseCode.DeviceRevoked => new(QpcError.DeviceRevoked, e.Message, "Link it anew from a device of the account.", e),
        CloseCode.Replaced => new(QpcError.Replaced, e.Message, "End the other process that uses this profile, then connect again.", e),
        CloseCode.Draining or CloseCode.RateLimited => new(QpcError.ServerUnavailable, e.Message, "Try again in a moment.", e),
        _ => new(QpcError.NotConnected, e.Message, "It is tried again; check the network if it lasts.", e),
    };

    private static QpcException OfCall(RpcException e)
    {
        (QpcError error, string remedy) = e.Code switch
        {
            ErrorCodes.AccountExists => (QpcError.AccountExists, "Choose another name, or link this device to the account."),
            ErrorCodes.AccountUnknown => (QpcError.AccountUnknown, "Check the spelling of the address."),
            ErrorCodes.AccountNameInvalid => (QpcError.AccountNameInvalid, "Use up to 32 of a-z 0-9 . _ - and begin with a letter or digit."),
            ErrorCodes.InviteRequired => (QpcError.InviteRequired, "Ask the operator for an invitation."),
            ErrorCodes.RegistrationClosed => (QpcError.RegistrationClosed, "Ask the operator, or choose another server."),
            ErrorCodes.DeviceExpired => (QpcError.ClockOff, "Set the clock of this device right; it may be at most an hour off."),
            ErrorCodes.AuthenticationFailed => (QpcError.AuthenticationFailed, "Check that the profile is of this server."),
            ErrorCodes.DeviceUnknown => (QpcError.DeviceRevoked, "Link this device anew from a device of the account."),
            ErrorCodes.DeviceListInvalid => (QpcError.IdentityInvalid, "Another device changed the list at the same time; try again."),
            ErrorCodes.GroupUnknown or ErrorCodes.GroupNotMember => (QpcError.NotMember, "Ask a member for an invitation."),
            ErrorCodes.KeyPackagesExhausted => (QpcError.DeviceUnready, "It is ready as soon as the device was online; try again then."),
            ErrorCodes.FrameTooLarge or ErrorCodes.BlobTooLarge => (QpcError.TooLarge, "Send it in parts."),
            ErrorCodes.ServerDraining or ErrorCodes.StorageUnavailable or ErrorCodes.RateLimited or ErrorCodes.CallTimedOut => (QpcError.ServerUnavailable, "Try again in a moment."),
            ErrorCodes.MethodUnknown => (QpcError.ProtocolMismatch, "Update whichever of the two is older."),
            _ when e.IsRetriable => (QpcError.ServerUnavailable, "Try again in a moment."),
            _ => (QpcError.Refused, "See the server's words."),
        };
        return new QpcException(error, e.Message, remedy, e) { ServerCode = e.Code };
    }

    private static QpcException OfStore(StoreException e) => new(
        e.Code switch
        {
            StoreErrorCode.NotFound => QpcError.ProfileMissing,
            StoreErrorCode.AlreadyExists => QpcError.ProfileExists,
            _ => QpcError.ProfileUnusable,
        },
        e.Problem,
        e.Remedy,
        e);
}
