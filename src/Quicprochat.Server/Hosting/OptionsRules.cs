namespace Quicprochat.Server.Hosting;

/// <summary>What options must hold. All faults are told at once.</summary>
internal static class OptionsRules
{
    /// <summary>Longest name of a server in bytes (docs/protocol/accounts.md).</summary>
    public const int NameLengthMax = 128;

    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    public static List<string> FaultsOf(QpcServerOptions options)
    {
        var faults = new List<string>();
        if (string.IsNullOrWhiteSpace(options.DataFolder))
        {
            faults.Add("DataFolder is empty: name a folder that the server may write to.");
        }
        if (options.Listen is null)
        {
            faults.Add("Listen is not set: name an address and a port, as [::]:5001.");
        }
        if (options.Name is { } name && !IsName(name))
        {
            faults.Add($"Name is '{name}': it must be a host name in lower case of at most {NameLengthMax} characters, with :PORT when the port is not {QpcServerOptions.DefaultPort}.");
        }
        if (!Enum.IsDefined(options.Registration))
        {
            faults.Add($"Registration is {options.Registration}: choose {nameof(RegistrationPolicy.Open)}, {nameof(RegistrationPolicy.Invite)} or {nameof(RegistrationPolicy.Closed)}.");
        }
        CheckCertificate(options, faults);
        if (options.CipherSuites is not { Count: > 0 })
        {
            faults.Add("CipherSuites is empty: without a suite nobody can be added to a group. 0xF001 and 0x0001 are what clients use.");
        }
        CheckTimes(options, faults);
        CheckLimits(options.Limits, faults);
        return faults;
    }

    /// <summary>Whether a server may have this name: a host name, and a port when it is not the usual one.</summary>
    public static bool IsName(string name)
    {
        if (name.Length > NameLengthMax || name.Length == 0)
        {
            return false;
        }
        int colon = name.LastIndexOf(':');
        string host = name;
        if (colon >= 0 && !name.EndsWith(']'))
        {
            host = name[..colon];
            string port = name[(colon + 1)..];
            if (!ushort.TryParse(port, System.Globalization.NumberStyles.None, null, out ushort number) || number == 0 || port[0] == '0')
            {
                return false;
            }
        }
        return host.StartsWith('[') ? host.EndsWith(']') && System.Net.IPAddress.TryParse(host[1..^1], out _) : IsHost(host);
    }

    private static bool IsHost(string host) =>
        host.Length > 0 && char.IsAsciiLetterOrDigit(host[0])
        && host.All(static character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '.' or '-' or '_');

    private static void CheckCertificate(QpcServerOptions options, List<string> faults)
    {
        if (options.CertificateFile is null != options.KeyFile is null)
        {
            faults.Add(options.KeyFile is null
                ? "CertificateFile is set and KeyFile is not: name the file of its private key too, or neither for a self-made certificate."
                : "KeyFile is set and CertificateFile is not: name the file of the certificate too, or neither for a self-made certificate.");
        }
    }

    private static void CheckTimes(QpcServerOptions options, List<string> faults)
    {
        Between(nameof(options.MessageRetention), options.MessageRetention, TimeSpan.FromMinutes(1), 3660 * _day, faults);
        Between(nameof(options.SweepInterval), options.SweepInterval, TimeSpan.FromSeconds(1), _day, faults);
        Between(nameof(options.CallTimeoutMax), options.CallTimeoutMax, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), faults);
        Between(nameof(options.AuthenticationTimeout), options.AuthenticationTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), faults);
        Between(nameof(options.IdleTimeout), options.IdleTimeout, TimeSpan.FromSeconds(5), TimeSpan.FromHours(1), faults);
        Between(nameof(options.DrainTimeout), options.DrainTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(10), faults);
    }

    private static void CheckLimits(QpcServerLimits? limits, List<string> faults)
    {
        if (limits is null)
        {
            faults.Add("Limits is not set: leave it as it is, or give it an object.");
            return;
        }
        AtLeastOne(nameof(limits.ConnectionsMax), limits.ConnectionsMax, faults);
        AtLeastOne(nameof(limits.CallsPerConnectionMax), limits.CallsPerConnectionMax, faults);
        AtLeastOne(nameof(limits.CallsPerSecond), limits.CallsPerSecond, faults);
        AtLeastOne(nameof(limits.CallBurst), limits.CallBurst, faults);
        AtLeastOne(nameof(limits.AuthenticationAttemptsMax), limits.AuthenticationAttemptsMax, faults);
        AtLeastOne(nameof(limits.RegistrationsPerMinute), limits.RegistrationsPerMinute, faults);
        AtLeastOne(nameof(limits.RegistrationBurst), limits.RegistrationBurst, faults);
        AtLeastOne(nameof(limits.KeyPackageFetchesPerMinute), limits.KeyPackageFetchesPerMinute, faults);
        AtLeastOne(nameof(limits.KeyPackageFetchBurst), limits.KeyPackageFetchBurst, faults);
        AtLeastOne(nameof(limits.KeyPackageFetchesPerTargetPerMinute), limits.KeyPackageFetchesPerTargetPerMinute, faults);
        AtLeastOne(nameof(limits.KeyPackageFetchPerTargetBurst), limits.KeyPackageFetchPerTargetBurst, faults);
        AtLeastOne(nameof(limits.LookupsPerMinute), limits.LookupsPerMinute, faults);
        AtLeastOne(nameof(limits.LookupBurst), limits.LookupBurst, faults);
        AtLeastOne(nameof(limits.BlobBytesPerDayMax), limits.BlobBytesPerDayMax, faults);
    }

    private static void AtLeastOne(string name, long value, List<string> faults)
    {
        if (value < 1)
        {
            faults.Add($"Limits.{name} is {value}: it must be at least 1.");
        }
    }

    private static void Between(string name, TimeSpan value, TimeSpan least, TimeSpan most, List<string> faults)
    {
        if (value < least || value > most)
        {
            faults.Add($"{name} is {value}: it must be between {least} and {most}.");
        }
    }
}
