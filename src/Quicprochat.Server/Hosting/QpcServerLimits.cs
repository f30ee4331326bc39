namespace Quicprochat.Server.Hosting;

/// <summary>What one device, address or account may ask of a server. The values are for a public server.</summary>
public sealed class QpcServerLimits
{
    /// <summary>Connections at once; more are refused.</summary>
    public int ConnectionsMax { get; set; } = 20_000;

    /// <summary>Calls of one connection at once; more wait.</summary>
    public int CallsPerConnectionMax { get; set; } = 256;

    /// <summary>Calls a second of one device, in the long run.</summary>
    public int CallsPerSecond { get; set; } = 10_000;

    /// <summary>Calls of one device in a burst.</summary>
    public int CallBurst { get; set; } = 20_000;

    /// <summary>Failed authentications of one connection before it is closed.</summary>
    public int AuthenticationAttemptsMax { get; set; } = 5;

    /// <summary>Registrations a minute from one address (an IPv6 /64), in the long run. The machine's own address has no limit.</summary>
    public int RegistrationsPerMinute { get; set; } = 30;

    /// <summary>Registrations from one address in a burst.</summary>
    public int RegistrationBurst { get; set; } = 60;

    /// <summary>Fetches of key packages a minute by one device, in the long run.</summary>
    public int KeyPackageFetchesPerMinute { get; set; } = 300;

    /// <summary>Fetches of key packages by one device in a burst: a large group is made of many.</summary>
    public int KeyPackageFetchBurst { get; set; } = 2_000;

    /// <summary>Fetches a minute of one account's key packages by all others together, in the long run.</summary>
    public int KeyPackageFetchesPerTargetPerMinute { get; set; } = 60;

    /// <summary>Fetches of one account's key packages in a burst.</summary>
    public int KeyPackageFetchPerTargetBurst { get; set; } = 200;

    /// <summary>Lookups of accounts a minute by one device, in the long run.</summary>
    public int LookupsPerMinute { get; set; } = 600;

    /// <summary>Lookups of accounts by one device in a burst.</summary>
    public int LookupBurst { get; set; } = 5_000;

    /// <summary>Bytes of blobs that one device may put in a day.</summary>
    public long BlobBytesPerDayMax { get; set; } = 4L << 30;
}
