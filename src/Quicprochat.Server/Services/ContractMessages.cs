using Google.Protobuf;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>What is stored, as the contract's messages. Bytes are wrapped, not copied: nobody changes them.</summary>
internal static class ContractMessages
{
    public static ByteString Wrap(ReadOnlyMemory<byte> bytes) => UnsafeByteOperations.UnsafeWrap(bytes);

    public static ByteString ToBytes(this Digest digest) => Wrap(digest.ToArray());

    public static SignedDeviceList ToContract(this SignedList list) => new() { List = Wrap(list.List), Signature = Wrap(list.Signature) };

    public static DeviceRef ToContract(this DeviceAddress device) => new() { Account = device.Account, DeviceId = Wrap(device.Id.ToArray()) };

    /// <summary>Null for an absent one.</summary>
    public static Payload? ToContract(this StoredPayload payload) =>
        payload.Blob is { } blob ? new Payload { BlobHash = blob.ToBytes(), BlobLength = (ulong)payload.Length }
        : payload.IsAbsent ? null
        : new Payload { Inline = Wrap(payload.Bytes) };

    public static LogEntry ToContract(this StoredEntry entry) => new()
    {
        Body = Wrap(entry.Body),
        Commit = entry.Commit.ToContract(),
        Submitter = entry.Submitter.ToContract(),
        TimeMs = (ulong)entry.TimeMs,
        Reported = entry.Reported,
    };

    public static Envelope ToContract(this StoredEnvelope envelope)
    {
        StoredMessage message = envelope.Message;
        var contract = new Envelope
        {
            Sequence = (ulong)envelope.Sequence,
            Kind = message.Kind,
            GroupId = Wrap(message.Group.Memory),
            EntryHash = message.EntryHash.ToBytes(),
            Payload = message.Payload.ToContract(),
            TimeMs = (ulong)message.TimeMs,
            Entry = message.Entry?.ToContract(),
        };
        if (message.Id is { } id)
        {
            contract.MessageId = Wrap(id.ToArray());
        }
        return contract;
    }
}
