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
    /// <summary>Records of this kind hold the packages that were uploaded, by their leaf keys.</summary>
    private const string Kind = "key package";

    private const int Wanted = 100;
    private const int BatchMax = 50;

    /// <summary>A Welcome made in time may lie in the mailbox for so long.</summary>
    private const ulong LateSeconds = 31 * 24 * 60 * 60;

    /// <summary>The suite others add this device in.</summary>
    private static CipherSuite Suite => ClientState.Suites.Default;

    /// <summary>Uploads what is missing.</summary>
    public async Task RefillAsync(IEnumerable<StockLine> stock, CancellationToken cancellationToken)
    {
        StockLine now = stock.FirstOrDefault(static item => item.CipherSuite == Suite.Id) ?? new StockLine { CipherSuite = Suite.Id, Wanted = Wanted };
        await client.Store.WriteAsync(Prune, cancellationToken);
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

    /// <summary>A package was used to join by, in a transaction. True when it is a last resort, so that its keys may be used by several groups, and have to be renewed.</summary>
    public static bool Use(StoreTransaction transaction, LeafNode leaf)
    {
        bool lastResort = transaction.Records.Find(Kind, leaf.SignatureKey.Span) is { } bytes && KeyPackage.TryParse(bytes, out KeyPackage? package) && package.IsLastResort;
        if (!lastResort)
        {
            transaction.Records.Delete(Kind, leaf.SignatureKey.Span);
        }
        return lastResort;
    }

    /// <summary>Forgets the private halves of packages that nobody can use any more, because their time is over.</summary>
    private void Prune(StoreTransaction transaction)
    {
        ulong now = (ulong)Math.Max(0, client.NowSeconds);
        foreach (Store.Tables.KeyedRecord record in transaction.Records.List(Kind))
        {
            if (!KeyPackage.TryParse(record.Value.Span, out KeyPackage? package) || package.LeafNode.Lifetime.NotAfter + LateSeconds < now)
            {
                transaction.Records.Delete(Kind, record.Key.Span);
                if (package is not null)
                {
                    client.Mls.ForgetKeyPackage(package);
                }
            }
        }
    }

    private UploadKeyPackagesRequest Make(StoreTransaction transaction, int count, bool lastResort)
    {
        var request = new UploadKeyPackagesRequest();
        for (int i = 0; i < count; i++)
        {
            request.KeyPackages.Add(MakeOne(transaction, null));
        }
        if (lastResort)
        {
            request.LastResort = MakeOne(transaction, new KeyPackageOptions { LastResort = true });
        }
        return request;
    }

    private ByteString MakeOne(StoreTransaction transaction, KeyPackageOptions? options)
    {
        using SigningIdentity leaf = client.Device.CreateLeaf(client.Mls);
        KeyPackage package = client.Mls.CreateKeyPackage(leaf, client.NowSeconds, options);
        byte[] message = package.ToMessage();
        transaction.Records.Put(Kind, package.LeafNode.SignatureKey.Span, message);
        return UnsafeByteOperations.UnsafeWrap(message);
    }
}
