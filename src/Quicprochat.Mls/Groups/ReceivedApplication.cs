namespace Quicprochat.Mls.Groups;

/// <summary>Application data of a member.</summary>
public sealed class ReceivedApplication : Received
{
    internal ReceivedApplication(ulong epoch, Member sender, ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> authenticatedData)
        : base(epoch)
    {
        Sender = sender;
        Data = data;
        AuthenticatedData = authenticatedData;
    }

    /// <summary>Who sent it, as it was a member in that epoch.</summary>
    public Member Sender { get; }

    /// <summary>The data.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>What was sent along in the clear and authenticated.</summary>
    public ReadOnlyMemory<byte> AuthenticatedData { get; }
}
