using Google.Protobuf;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>Turns fields of a request into values whose lengths and forms are right, or refuses with the field's name.</summary>
internal static class Arguments
{
    /// <summary>Longest group id in bytes.</summary>
    public const int GroupIdLengthMax = 255;

    /// <summary>Longest payload in place.</summary>
    public const int InlineLengthMax = 256 * 1024;

    /// <summary>Longest blob.</summary>
    public const long BlobLengthMax = 64L << 20;

    public static GroupId Group(ByteString bytes) =>
        bytes.Length is > 0 and <= GroupIdLengthMax ? new GroupId(bytes.Span) : throw Refusals.Argument($"group_id has {bytes.Length} bytes; it must have 1 to {GroupIdLengthMax}.");

    public static Digest Hash(ByteString bytes, string field) =>
        bytes.Length == Digest.Length ? new Digest(bytes.Span) : throw Refusals.Argument($"{field} has {bytes.Length} bytes; it must have {Digest.Length}, a SHA-256.");

    public static Digest? OptionalHash(ByteString bytes, string field) => bytes.IsEmpty ? null : Hash(bytes, field);

    /// <summary>A UUID of version 7 in network order (RFC 9562 §5.7).</summary>
    public static MessageId Message(ByteString bytes)
    {
        ReadOnlySpan<byte> id = bytes.Span;
        return id.Length == MessageId.Length && id[6] >> 4 == 7 && id[8] >> 6 == 2
            ? new MessageId(id)
            : throw Refusals.Argument("message_id must be the 16 bytes of a UUID of version 7, in network order (RFC 9562 §5.7).");
    }

    public static DeviceAddress Device(DeviceRef? device, string field)
    {
        if (device is null || device.Account.Length is 0 or > AccountName.LengthMax || device.DeviceId.Length != DeviceId.Length)
        {
            throw Refusals.Argument($"{field} must name an account, as name@server, and a device id of {DeviceId.Length} bytes.");
        }
        return new DeviceAddress(device.Account, new DeviceId(device.DeviceId.Span));
    }

    /// <summary>A number that storage can count with.</summary>
    public static long Number(ulong value, string field) =>
        value <= long.MaxValue ? (long)value : throw Refusals.Argument($"{field} is {value}; it must be below 2^63.");

    /// <summary>A bound the caller asks for, within the server's own; 0 is the server's.</summary>
    public static int Limit(uint asked, int most) => asked == 0 || asked > most ? most : (int)asked;

    /// <summary>A payload that must be there.</summary>
    public static StoredPayload Payload(Payload? payload, string field)
    {
        StoredPayload stored = OptionalPayload(payload, field);
        return stored.IsAbsent ? throw Refusals.Argument($"{field} is missing: give its bytes, or the hash and length of a blob.") : stored;
    }

    /// <summary>A payload, or nothing.</summary>
    public static StoredPayload OptionalPayload(Payload? payload, string field)
    {
        if (payload is null)
        {
            return default;
        }
        if (payload.BlobHash.IsEmpty && payload.BlobLength == 0)
        {
            return payload.Inline.Length <= InlineLengthMax
                ? StoredPayload.Inline(payload.Inline.Memory)
                : throw Refusals.TooLarge($"{field} has {payload.Inline.Length} bytes in place; at most {InlineLengthMax} may be. Put it as a blob and name it.");
        }
        if (!payload.Inline.IsEmpty || payload.BlobLength is 0 or > (ulong)BlobLengthMax)
        {
            throw Refusals.Argument($"{field} must be either bytes in place, or the hash of a blob and its length of 1 to {BlobLengthMax} bytes.");
        }
        return StoredPayload.InBlob(Hash(payload.BlobHash, $"{field}.blob_hash"), (long)payload.BlobLength);
    }
}
