using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Quicprochat.Mls;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Conversations;
using Quicprochat.Sdk.Session;
using Quicprochat.Sdk.Store;
using StockLine = Quicprochat.Rpc.Contracts.KeyPackageStock;

namespace Quicprochat.Sdk.Sync;

/// <summary>Sees to it that the server has key packages of this device to hand out, so that others can add it while it is away.</summary>
internal sealed class KeyPackageStock(ClientState client, ServerSession session)
{
    /// <summary>Records of this kind name the leaf keys of last-resort packages.</summary>
    public const string LastResortKind = "last resort";

    private const int Wanted = 100;
    private const int BatchMax = 50;

    /// <summary>The suite others add this device in.</summary>
    private static CipherSuite Suite => ClientState.Suites.Default;

    /// <summary>Uploads what is missing.</summary>
    public async Task RefillAsync(IEnumerable<StockLine> stock, CancellationToken cancellationToken)
    {
        StockLine now = stock.FirstOrDefault(static item => item.CipherSuite == Suite.Id) ?? new StockLine { CipherSuite = Suite.Id, Wanted = Wanted };
        int missing = (int)Math.Min(now.Wanted == 0 ? Wanted : now.Wanted, Wanted) - (int)Math.Min(now.Count, Wanted);
        bool lastResort = !now.HasLastResort || now.LastResortUsed;
        while (missing > 0 || lastResort)
        {
            int count = Math.Clamp(missing, 0, BatchMax);
            UploadKeyPackagesRequest request = await client.Store.WriteAsync(transaction => Make(transaction, count, lastResort), cancellationToken);
            try
            {
                await session.CallAsync(Methods.UploadKeyPackages, request, cancellationToken);
            }
            catch (RpcException e) when (e.Code == ErrorCodes.KeyPackagesFull)
            {
                client.Logger.LogDebug(e, "The server has enough key packages");
                return;
            }
            missing -= count;
            lastResort = false;
        }
    }

    /// <summary>True when a leaf came from a last-resort package, in a transaction.</summary>
    public static bool IsLastResort(StoreTransaction transaction, LeafNode leaf) => transaction.Records.Find(LastResortKind, leaf.SignatureKey.Span) is not null;

    private UploadKeyPackagesRequest Make(StoreTransaction transaction, int count, bool lastResort)
    {
        var request = new UploadKeyPackagesRequest();
        for (int i = 0; i < count; i++)
        {
            request.KeyPackages.Add(UnsafeByteOperations.UnsafeWrap(MakeOne(null).ToMessage()));
        }
        if (lastResort)
        {
            KeyPackage package = MakeOne(new KeyPackageOptions { LastResort = true });
            transaction.Records.Put(LastResortKind, package.LeafNode.SignatureKey.Span, [1]);
            request.LastResort = UnsafeByteOperations.UnsafeWrap(package.ToMessage());
        }
        return request;
    }

    private KeyPackage MakeOne(KeyPackageOptions? options)
    {
        using SigningIdentity leaf = client.Device.CreateLeaf(client.Mls);
        return client.Mls.CreateKeyPackage(leaf, client.NowSeconds, options);
    }
}
