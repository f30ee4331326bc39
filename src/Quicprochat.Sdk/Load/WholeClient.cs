using System.Security.Cryptography;
using Quicprochat.Sdk.Store;

namespace Quicprochat.Sdk.Load;

/// <summary>A client with everything that a person's has.</summary>
internal static class WholeClient
{
    /// <summary>A new account whose profile is in <paramref name="folder"/>, opened by a key that nobody keeps.</summary>
    public static async Task<QpcClient> RegisterAsync(LoadTarget target, string folder, CancellationToken cancellationToken)
    {
        using StoreKey key = StoreKey.FromBytes(RandomNumberGenerator.GetBytes(StoreKey.KeySizeMin));
        string name = $"load-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10))}";
        var options = new QpcClientOptions { ProfilePath = folder, Key = key, SendReceipts = false };
        return await QpcClient.CreateAsync(options, new RegisterOptions { Account = name, Server = target.Address, Invite = target.Invite }, cancellationToken);
    }
}
