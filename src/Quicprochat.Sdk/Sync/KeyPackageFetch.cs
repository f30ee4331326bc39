using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Quicprochat.Mls.Messages;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Conversations;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Session;

namespace Quicprochat.Sdk.Sync;

/// <summary>Fetches key packages of the devices of an account, and believes none that the account's list does not vouch for.</summary>
internal sealed class KeyPackageFetch(ClientState client, ServerSession session)
{
    /// <summary>A package of each device, or of those named. Devices that have none at the server are left out.</summary>
    /// <exception cref="QpcException">There is no such account, or its key or list does not hold.</exception>
    public async Task<IReadOnlyList<(VerifiedMember Device, KeyPackage KeyPackage)>> FetchAsync(
        string account, IReadOnlyCollection<DeviceId>? only, CancellationToken cancellationToken)
    {
        VerifiedDeviceList list = await client.Contacts.RefreshAsync(session, account, cancellationToken);
        List<KnownDevice> wanted = [.. list.Devices.Where(device => device.Id != client.Device.Id && (only is null || only.Contains(device.Id)))];
        var found = new List<(VerifiedMember, KeyPackage)>();
        if (wanted.Count == 0)
        {
            return found;
        }
        foreach (DeviceKeyPackage item in await FetchAllAsync(account, wanted, cancellationToken))
        {
            if (wanted.Find(device => device.Certificate.DeviceId.Equals(item.DeviceId)) is { } device && TryRead(account, list, device, item, out VerifiedMember? member, out KeyPackage? package))
            {
                found.Add((member!, package!));
            }
            else
            {
                client.Logger.LogWarning("The server gave a key package that is not the device's");
            }
        }
        return found;
    }

    private async Task<IEnumerable<DeviceKeyPackage>> FetchAllAsync(string account, List<KnownDevice> wanted, CancellationToken cancellationToken)
    {
        try
        {
            return (await FetchOnceAsync(account, wanted, cancellationToken)).Packages;
        }
        catch (RpcException e) when (e.Code == ErrorCodes.KeyPackagesExhausted && wanted.Count > 1)
        {
            // One of them has none; the others are not to wait for it.
            var packages = new List<DeviceKeyPackage>();
            foreach (KnownDevice device in wanted)
            {
                try
                {
                    packages.AddRange((await FetchOnceAsync(account, [device], cancellationToken)).Packages);
                }
                catch (RpcException one) when (one.Code == ErrorCodes.KeyPackagesExhausted)
                {
                    client.Logger.LogDebug(one, "A device has no key package");
                }
            }
            return packages;
        }
        catch (RpcException e) when (e.Code == ErrorCodes.KeyPackagesExhausted)
        {
            return [];
        }
    }

    private async Task<FetchKeyPackagesResponse> FetchOnceAsync(string account, List<KnownDevice> wanted, CancellationToken cancellationToken)
    {
        var request = new FetchKeyPackagesRequest { Account = account, CipherSuite = ClientState.Suites.Default.Id };
        request.DeviceIds.Add(wanted.Select(static device => device.Certificate.DeviceId));
        return await session.CallAsync(Methods.FetchKeyPackages, request, cancellationToken);
    }

    private bool TryRead(string account, VerifiedDeviceList list, KnownDevice device, DeviceKeyPackage item, out VerifiedMember? member, out KeyPackage? package)
    {
        member = null;
        ulong now = (ulong)Math.Max(0, client.NowSeconds);
        return KeyPackage.TryParse(item.KeyPackage.Span, out package)
            && client.Directory.TryIdentify(package.LeafNode.Credential, out member)
            && string.Equals(member.Account, account, StringComparison.Ordinal)
            && member.Device == device.Id
            && member.AccountKey.Span.SequenceEqual(list.AccountKey.Span)
            && member.DeviceKey.Span.SequenceEqual(device.Key.Span)
            && device.Certificate.NotBefore <= now
            && now <= device.Certificate.NotAfter;
    }
}
