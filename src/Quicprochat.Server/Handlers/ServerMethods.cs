using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Quicprochat.Rpc.Calls;
using Quicprochat.Server.Services;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Handlers;

/// <summary>Which handler answers which method, a line each.</summary>
internal sealed partial class ServerMethods
{
    private readonly ILogger _logger;

    public ServerMethods(ILogger<ServerMethods> logger) => _logger = logger;

    public required AuthHandlers Auth { get; init; }

    public required DeliveryHandlers Delivery { get; init; }

    public required KeyPackageHandlers KeyPackages { get; init; }

    public required GroupHandlers Groups { get; init; }

    public required UserHandlers Users { get; init; }

    public required BlobHandlers Blobs { get; init; }

    public required HealthHandlers Health { get; init; }

    public RpcRegistry<ClientSession> ToRegistry()
    {
        var registry = new RpcRegistry<ClientSession>();
        Add(registry, Methods.Register, Auth.RegisterAsync);
        Add(registry, Methods.Challenge, AuthHandlers.ChallengeAsync);
        Add(registry, Methods.Authenticate, Auth.AuthenticateAsync);
        Add(registry, Methods.Send, Delivery.SendAsync);
        Add(registry, Methods.Subscribe, Delivery.SubscribeAsync);
        Add(registry, Methods.Acknowledge, Delivery.AcknowledgeAsync);
        Add(registry, Methods.Fetch, Delivery.FetchAsync);
        Add(registry, Methods.UploadKeyPackages, KeyPackages.UploadAsync);
        Add(registry, Methods.FetchKeyPackages, KeyPackages.FetchAsync);
        Add(registry, Methods.Stock, KeyPackages.StockAsync);
        Add(registry, Methods.CreateGroup, Groups.CreateAsync);
        Add(registry, Methods.Commit, Groups.CommitAsync);
        Add(registry, Methods.Log, Groups.LogAsync);
        Add(registry, Methods.GroupInfo, Groups.GroupInfoAsync);
        Add(registry, Methods.ReportEntry, Groups.ReportAsync);
        Add(registry, Methods.ListGroups, Groups.ListAsync);
        Add(registry, Methods.Lookup, Users.LookupAsync);
        Add(registry, Methods.DeviceLists, Users.DeviceListsAsync);
        Add(registry, Methods.PutBlob, Blobs.PutAsync);
        Add(registry, Methods.GetBlob, Blobs.GetAsync);
        Add(registry, Methods.BlobStatus, Blobs.StatusAsync);
        Add(registry, Methods.PublishDevices, Users.PublishAsync);
        Add(registry, Methods.Health, Health.HealthAsync);
        Add(registry, Methods.ServerInfo, Health.InfoAsync);
        return registry;
    }

    /// <summary>A handler behind which a disk that fails is an answer like others.</summary>
    private void Add<TRequest, TResponse>(RpcRegistry<ClientSession> registry, RpcMethod<TRequest, TResponse> method, RpcHandler<ClientSession, TRequest, TResponse> handler)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        registry.Add(method, async (session, request, cancellationToken) =>
        {
            try
            {
                return await handler(session, request, cancellationToken);
            }
            catch (StorageException e)
            {
                LogStorage(_logger, e, method, e.Fault);
                throw e.Fault == StorageFault.Internal ? Refusals.ServerFault() : Refusals.StorageUnavailable();
            }
        });
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The store could not do {Method}: {Fault}.")]
    private static partial void LogStorage(ILogger logger, Exception exception, RpcMethod method, StorageFault fault);
}
