using System.Net;
using Microsoft.Extensions.Logging;

namespace Quicprochat.Server.Hosting;

/// <summary>How a server is run. Nothing has to be set: without anything it listens on port 5001 and makes its own certificate.</summary>
public sealed class QpcServerOptions
{
    /// <summary>The port of a server that names none.</summary>
    public const int DefaultPort = 5001;

    /// <summary>Where the database, the blobs, and a self-made certificate are; made when it is not there.</summary>
    public string DataFolder { get; set; } = "qpc-server";

    /// <summary>Where to listen; port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; set; } = new(IPAddress.IPv6Any, DefaultPort);

    /// <summary>
    /// The name behind the @ of its accounts. Null takes the one in the data folder, or at the first start <c>localhost</c> when it listens on the loopback and otherwise the machine's name, each with
    /// <c>:port</c> when that is not 5001. It cannot be changed later.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>Who may make an account.</summary>
    public RegistrationPolicy Registration { get; set; } = RegistrationPolicy.Open;

    /// <summary>The certificate, and those above it, in PEM. Null for a self-made one.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The certificate's private key in PEM, not encrypted.</summary>
    public string? KeyFile { get; set; }

    /// <summary>How long a message or a blob waits for a device that does not come.</summary>
    public TimeSpan MessageRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often the server looks for what is past its time.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The MLS cipher suites that key packages may be of.</summary>
    public IList<ushort> CipherSuites { get; set; } = [0xF001, 0x0001];

    /// <summary>The longest time that a call may ask for.</summary>
    public TimeSpan CallTimeoutMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a connection may go on without authenticating.</summary>
    public TimeSpan AuthenticationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long nothing may be heard of a connection.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long calls in flight may take when the server stops.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What one device, address or account may ask.</summary>
    public QpcServerLimits Limits { get; set; } = new();

    /// <summary>Where to log.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Everything that is wrong with the options: a sentence each, that says what to change. Empty when they can be used.</summary>
    public IReadOnlyList<string> Validate() => OptionsRules.FaultsOf(this);
}
