using Google.Protobuf;
using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Rpc.Calls;

/// <summary>Every method, a line each; docs/protocol/methods.md describes them in this order.</summary>
public static class Methods
{
    private static readonly TimeSpan _long = TimeSpan.FromMinutes(2);

    /// <summary>A new account with its first device.</summary>
    public static RpcMethod<RegisterRequest, RegisterResponse> Register { get; } = new(100, "auth.register", RegisterRequest.Parser, RegisterResponse.Parser) { IsIdempotent = true, IsOpen = true };

    /// <summary>A nonce for a connection without an exporter.</summary>
    public static RpcMethod<ChallengeRequest, ChallengeResponse> Challenge { get; } = new(101, "auth.challenge", ChallengeRequest.Parser, ChallengeResponse.Parser) { IsOpen = true };

    /// <summary>A device proves itself.</summary>
    public static RpcMethod<AuthenticateRequest, AuthenticateResponse> Authenticate { get; } = new(102, "auth.authenticate", AuthenticateRequest.Parser, AuthenticateResponse.Parser) { IsOpen = true };

    /// <summary>An application message or proposal for everybody on the roster.</summary>
    public static RpcMethod<SendRequest, SendResponse> Send { get; } = new(200, "delivery.send", SendRequest.Parser, SendResponse.Parser) { IsIdempotent = true };

    /// <summary>What is in the mailbox, and what will be, as pushes.</summary>
    public static RpcMethod<SubscribeRequest, SubscribeResponse> Subscribe { get; } = new(201, "delivery.subscribe", SubscribeRequest.Parser, SubscribeResponse.Parser) { IsIdempotent = true };

    /// <summary>What was stored here may go there.</summary>
    public static RpcMethod<AcknowledgeRequest, AcknowledgeResponse> Acknowledge { get; } = new(202, "delivery.acknowledge", AcknowledgeRequest.Parser, AcknowledgeResponse.Parser) { IsIdempotent = true };

    /// <summary>What is in the mailbox, for those who poll.</summary>
    public static RpcMethod<FetchRequest, FetchResponse> Fetch { get; } = new(203, "delivery.fetch", FetchRequest.Parser, FetchResponse.Parser) { IsIdempotent = true };

    /// <summary>More key packages for this device.</summary>
    public static RpcMethod<UploadKeyPackagesRequest, UploadKeyPackagesResponse> UploadKeyPackages { get; } =
        new(300, "keypackages.upload", UploadKeyPackagesRequest.Parser, UploadKeyPackagesResponse.Parser) { IsIdempotent = true };

    /// <summary>A key package of each device of an account.</summary>
    public static RpcMethod<FetchKeyPackagesRequest, FetchKeyPackagesResponse> FetchKeyPackages { get; } = new(301, "keypackages.fetch", FetchKeyPackagesRequest.Parser, FetchKeyPackagesResponse.Parser);

    /// <summary>How many key packages are left.</summary>
    public static RpcMethod<StockRequest, StockResponse> Stock { get; } = new(302, "keypackages.stock", StockRequest.Parser, StockResponse.Parser) { IsIdempotent = true };

    /// <summary>A group begins, and its log.</summary>
    public static RpcMethod<CreateGroupRequest, CreateGroupResponse> CreateGroup { get; } = new(400, "groups.create", CreateGroupRequest.Parser, CreateGroupResponse.Parser) { IsIdempotent = true };

    /// <summary>A commit, accepted when nobody was faster.</summary>
    public static RpcMethod<CommitRequest, CommitResponse> Commit { get; } = new(401, "groups.commit", CommitRequest.Parser, CommitResponse.Parser) { IsIdempotent = true, Timeout = _long };

    /// <summary>The commits of a group, in their order.</summary>
    public static RpcMethod<LogRequest, LogResponse> Log { get; } = new(402, "groups.log", LogRequest.Parser, LogResponse.Parser) { IsIdempotent = true };

    /// <summary>The GroupInfo of an entry of the log.</summary>
    public static RpcMethod<GroupInfoRequest, GroupInfoResponse> GroupInfo { get; } = new(403, "groups.info", GroupInfoRequest.Parser, GroupInfoResponse.Parser) { IsIdempotent = true };

    /// <summary>A commit that is not valid.</summary>
    public static RpcMethod<ReportEntryRequest, ReportEntryResponse> ReportEntry { get; } = new(404, "groups.report", ReportEntryRequest.Parser, ReportEntryResponse.Parser) { IsIdempotent = true };

    /// <summary>The groups of this device.</summary>
    public static RpcMethod<ListGroupsRequest, ListGroupsResponse> ListGroups { get; } = new(405, "groups.list", ListGroupsRequest.Parser, ListGroupsResponse.Parser) { IsIdempotent = true };

    /// <summary>An account by its name or key.</summary>
    public static RpcMethod<LookupRequest, LookupResponse> Lookup { get; } = new(500, "users.lookup", LookupRequest.Parser, LookupResponse.Parser) { IsIdempotent = true };

    /// <summary>All device lists of an account.</summary>
    public static RpcMethod<DeviceListsRequest, DeviceListsResponse> DeviceLists { get; } = new(501, "users.device_lists", DeviceListsRequest.Parser, DeviceListsResponse.Parser) { IsIdempotent = true };

    /// <summary>A chunk of a blob.</summary>
    public static RpcMethod<PutBlobRequest, PutBlobResponse> PutBlob { get; } = new(600, "blobs.put", PutBlobRequest.Parser, PutBlobResponse.Parser) { IsIdempotent = true, Timeout = _long };

    /// <summary>A part of a blob.</summary>
    public static RpcMethod<GetBlobRequest, GetBlobResponse> GetBlob { get; } = new(601, "blobs.get", GetBlobRequest.Parser, GetBlobResponse.Parser) { IsIdempotent = true, Timeout = _long };

    /// <summary>How much of a blob is there.</summary>
    public static RpcMethod<BlobStatusRequest, BlobStatusResponse> BlobStatus { get; } = new(602, "blobs.status", BlobStatusRequest.Parser, BlobStatusResponse.Parser) { IsIdempotent = true };

    /// <summary>A newer device list.</summary>
    public static RpcMethod<PublishDevicesRequest, PublishDevicesResponse> PublishDevices { get; } = new(700, "devices.publish", PublishDevicesRequest.Parser, PublishDevicesResponse.Parser) { IsIdempotent = true };

    /// <summary>Whether the server works.</summary>
    public static RpcMethod<HealthRequest, HealthResponse> Health { get; } = new(800, "server.health", HealthRequest.Parser, HealthResponse.Parser) { IsIdempotent = true, IsOpen = true };

    /// <summary>Who the server is, and its bounds.</summary>
    public static RpcMethod<ServerInfoRequest, ServerInfoResponse> ServerInfo { get; } = new(801, "server.info", ServerInfoRequest.Parser, ServerInfoResponse.Parser) { IsIdempotent = true, IsOpen = true };

    /// <summary>All of them, by number.</summary>
    public static IReadOnlyList<RpcMethod> All { get; } =
    [
        Register, Challenge, Authenticate, Send, Subscribe, Acknowledge, Fetch, UploadKeyPackages, FetchKeyPackages, Stock, CreateGroup, Commit, Log, GroupInfo, ReportEntry,
        ListGroups, Lookup, DeviceLists, PutBlob, GetBlob, BlobStatus, PublishDevices, Health, ServerInfo,
    ];
}
