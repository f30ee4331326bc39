using System.Net;
using System.Net.Sockets;
using Quicprochat.Server.Hosting;
using Quicprochat.Server.Storage;

namespace Quicprochat.Server.Services;

/// <summary>How often somebody may ask. Each limit refuses with how long to wait.</summary>
internal sealed class RateLimits(QpcServerLimits limits, TimeProvider clock)
{
    // Nobody needs many calls before authenticating.
    private const int OpenCallsPerSecond = 20;
    private const int OpenCallBurst = 100;
    private const double SecondsPerDay = 24 * 60 * 60;

    private readonly KeyedLimit<DeviceAddress> _calls = new(limits.CallsPerSecond, limits.CallBurst, clock);
    private readonly KeyedLimit<string> _registrations = new(limits.RegistrationsPerMinute / 60.0, limits.RegistrationBurst, clock);
    private readonly KeyedLimit<DeviceAddress> _fetches = new(limits.KeyPackageFetchesPerMinute / 60.0, limits.KeyPackageFetchBurst, clock);
    private readonly KeyedLimit<string> _targets = new(limits.KeyPackageFetchesPerTargetPerMinute / 60.0, limits.KeyPackageFetchPerTargetBurst, clock);
    private readonly KeyedLimit<DeviceAddress> _lookups = new(limits.LookupsPerMinute / 60.0, limits.LookupBurst, clock);
    private readonly KeyedLimit<DeviceAddress> _blobBytes = new(limits.BlobBytesPerDayMax / SecondsPerDay, limits.BlobBytesPerDayMax, clock);

    /// <summary>For a connection that is nobody's yet.</summary>
    public TokenBucket OpenCalls() => new(OpenCallsPerSecond, OpenCallBurst, clock);

    /// <summary>All connections of a device share it.</summary>
    public TokenBucket CallsOf(DeviceAddress device) => _calls.Of(device);

    public void CheckRegistration(string remoteAddress)
    {
        if (NetworkOf(remoteAddress) is { } network && !_registrations.Of(network).TryTake(out TimeSpan wait))
        {
            throw Refusals.RateLimited(wait, "registrations from this address");
        }
    }

    public void CheckKeyPackageFetch(DeviceAddress device, string target)
    {
        if (!_fetches.Of(device).TryTake(out TimeSpan wait))
        {
            throw Refusals.RateLimited(wait, "requests for key packages");
        }
        if (target != device.Account && !_targets.Of(target).TryTake(out wait))
        {
            throw Refusals.RateLimited(wait, $"requests for the key packages of {target}");
        }
    }

    public void CheckLookup(DeviceAddress device)
    {
        if (!_lookups.Of(device).TryTake(out TimeSpan wait))
        {
            throw Refusals.RateLimited(wait, "lookups");
        }
    }

    public void CheckBlobBytes(DeviceAddress device, int length)
    {
        if (!_blobBytes.Of(device).TryTake(length, out TimeSpan wait))
        {
            throw Refusals.RateLimited(wait, "bytes of blobs from this device");
        }
    }

    /// <summary>Forgets what was not used for long.</summary>
    public void Forget()
    {
        _calls.Forget();
        _registrations.Forget();
        _fetches.Forget();
        _targets.Forget();
        _lookups.Forget();
        _blobBytes.Forget();
    }

    /// <summary>An IPv4 address, or the /64 that one IPv6 customer has; null for this machine, which may do what it likes.</summary>
    internal static string? NetworkOf(string remoteAddress)
    {
        if (!IPEndPoint.TryParse(remoteAddress, out IPEndPoint? end))
        {
            return null;
        }
        IPAddress address = end.Address.IsIPv4MappedToIPv6 ? end.Address.MapToIPv4() : end.Address;
        if (IPAddress.IsLoopback(address))
        {
            return null;
        }
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
