using Google.Protobuf;
using Google.Protobuf.Collections;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>Reads a <c>LogEntryBody</c> and what comes with it, as far as that can be judged without the log.</summary>
internal static class LogEntryBodies
{
    /// <summary>Longest body: 2,000 devices on and 2,000 off.</summary>
    public const int LengthMax = 512 * 1024;

    /// <summary>Most devices added, and removed, by one entry.</summary>
    public const int DevicesMax = 2000;

    /// <summary>Entry 0: its creator alone is on the roster.</summary>
    public static NewEntry ReadFirst(CreateGroupRequest request, DeviceAddress creator)
    {
        LogEntryBody body = Parse(request.Body);
        if (body.Index != 0 || !body.Follows.IsEmpty || !body.Base.IsEmpty || body.Epoch != 0 || !body.CommitHash.IsEmpty || body.Removed.Count != 0 || body.External)
        {
            throw GroupLogs.Invalid("entry 0 has index 0, epoch 0, and neither follows, base, commit_hash, removed nor external");
        }
        if (body.Added.Count != 1 || Arguments.Device(body.Added[0], "added[0]") != creator)
        {
            throw GroupLogs.Invalid("entry 0 adds its creator and nobody else");
        }
        return new NewEntry
        {
            Group = Arguments.Group(body.GroupId),
            Index = 0,
            Follows = null,
            Base = null,
            Epoch = 0,
            CommitHash = null,
            Added = [creator],
            Body = request.Body.Memory,
            Hash = LogEntryHash.Of(request.Body.Span),
            GroupInfo = Arguments.Payload(request.GroupInfo, "group_info"),
            Submitter = creator,
        };
    }

    /// <summary>A commit.</summary>
    public static NewEntry Read(CommitRequest request, DeviceAddress submitter)
    {
        LogEntryBody body = Parse(request.Body);
        if (body.Index == 0)
        {
            throw GroupLogs.Invalid("entry 0 is made by groups.create");
        }
        if (body.External && (body.Added.Count != 0 || body.Removed.Count != 0))
        {
            throw GroupLogs.Invalid("an external commit leaves the roster as it is");
        }
        return new NewEntry
        {
            Group = Arguments.Group(body.GroupId),
            Index = Arguments.Number(body.Index, "index"),
            Follows = Arguments.Hash(body.Follows, "follows"),
            Base = Arguments.Hash(body.Base, "base"),
            Epoch = Arguments.Number(body.Epoch, "epoch"),
            CommitHash = Arguments.Hash(body.CommitHash, "commit_hash"),
            Added = Devices(body.Added, "added"),
            Removed = Devices(body.Removed, "removed"),
            External = body.External,
            Body = request.Body.Memory,
            Hash = LogEntryHash.Of(request.Body.Span),
            Commit = Arguments.Payload(request.Commit, "commit"),
            Welcome = Arguments.OptionalPayload(request.Welcome, "welcome"),
            GroupInfo = Arguments.Payload(request.GroupInfo, "group_info"),
            Submitter = submitter,
        };
    }

    private static LogEntryBody Parse(ByteString bytes)
    {
        if (bytes.Length is 0 or > LengthMax)
        {
            throw Refusals.Argument($"body has {bytes.Length} bytes; a LogEntryBody of 1 to {LengthMax} is needed.");
        }
        try
        {
            return LogEntryBody.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            throw Refusals.Argument("body is no LogEntryBody.");
        }
    }

    private static DeviceAddress[] Devices(RepeatedField<DeviceRef> devices, string field)
    {
        if (devices.Count > DevicesMax)
        {
            throw Refusals.TooLarge($"{field} names {devices.Count} devices; an entry may name {DevicesMax}. Make several commits.");
        }
        var addresses = new DeviceAddress[devices.Count];
        for (int i = 0; i < addresses.Length; i++)
        {
            addresses[i] = Arguments.Device(devices[i], field);
        }
        return addresses;
    }
}
