using System.CommandLine;
using System.Globalization;
using System.Net;
using Quicprochat.Cli.Commands;
using Quicprochat.Cli.Terminal;
using Quicprochat.Server.Hosting;
using Spectre.Console;

namespace Quicprochat.Cli.Serving;

/// <summary>The server's options as flags, as <c>QPC_SERVE_*</c>, and in <c>config.json</c> as <c>serve-*</c>.</summary>
internal sealed class ServeSettings(ParseResult parsed)
{
    private static readonly Setting[] _all =
    [
        new("data", "folder", "Where everything is kept", static (o, v) => o.DataFolder = v, static o => o.DataFolder),
        new("listen", "address", "Address and UDP port: [::]:5001, 5001, 127.0.0.1:0", static (o, v) => o.Listen = ParseEndPoint(v), static o => o.Listen.ToString()),
        new("name", "name", "The name behind the @; kept at the first start", static (o, v) => o.Name = v, static o => o.Name ?? "(that of the data folder)"),
        new("registration", "policy", "open, invite or closed", static (o, v) => o.Registration = ParsePolicy(v), static o => o.Registration.ToString().ToLowerInvariant()),
        new("certificate", "file", "Certificate in PEM; without one the server makes its own", static (o, v) => o.CertificateFile = v, static o => o.CertificateFile ?? "(self-made)"),
        new("key", "file", "The certificate's private key in PEM", static (o, v) => o.KeyFile = v, static o => o.KeyFile ?? "(self-made)"),
        new("retention-days", "days", "How long a message waits for a device", static (o, v) => o.MessageRetention = TimeSpan.FromDays(ParseNumber(v)), static o => Days(o.MessageRetention)),
        new("drain-seconds", "seconds", "How long calls in flight may take when it stops", static (o, v) => o.DrainTimeout = TimeSpan.FromSeconds(ParseNumber(v)),
            static o => o.DrainTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)),
        new("connections-max", "n", "Connections at once", static (o, v) => o.Limits.ConnectionsMax = (int)ParseNumber(v), static o => o.Limits.ConnectionsMax.ToString(CultureInfo.InvariantCulture)),
    ];

    public static IEnumerable<Option> Options => _all.Select(static setting => setting.Option);

    /// <summary>Where the server's data is.</summary>
    public static Option DataOption => _all[0].Option;

    /// <exception cref="UsageException">A value is none.</exception>
    public QpcServerOptions ToOptions()
    {
        var options = new QpcServerOptions();
        foreach (Setting setting in _all)
        {
            if (ValueOf(setting) is { } value)
            {
                setting.Apply(options, value);
            }
        }
        return options;
    }

    public void Print(Output output, QpcServerOptions options)
    {
        Table table = new Table().Border(TableBorder.None).AddColumns("[grey]setting[/]", "[grey]value[/]", "[grey]from[/]");
        foreach (Setting setting in _all)
        {
            table.AddRow(setting.Name, Show.Safe(setting.Read(options)), $"[grey]{SourceOf(setting)}[/]");
        }
        output.Tell(table, _all.Select(setting => new JsonLine("setting").Add("name", setting.Name).Add("value", setting.Read(options)).Add("from", SourceOf(setting))));
    }

    private static string Days(TimeSpan time) => time.TotalDays.ToString(CultureInfo.InvariantCulture);

    private static double ParseNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= 0 && number < 1e6
        ? number
        : throw new UsageException($"{text} is not a number that can be meant.", "Write one like 30.");

    private static RegistrationPolicy ParsePolicy(string text) => Enum.TryParse(text, ignoreCase: true, out RegistrationPolicy policy) && Enum.IsDefined(policy)
        ? policy
        : throw new UsageException($"There is no registration policy {text}.", "Choose open, invite or closed.");

    private static IPEndPoint ParseEndPoint(string text)
    {
        if (ushort.TryParse(text.StartsWith(':') ? text[1..] : text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return new IPEndPoint(IPAddress.IPv6Any, port);
        }
        return IPEndPoint.TryParse(text, out IPEndPoint? endPoint)
            ? endPoint
            : throw new UsageException($"{text} is nothing to listen on.", "Write a port, or an address and a port: 5001, 127.0.0.1:5001, [::]:5001.");
    }

    private string? ValueOf(Setting setting) => Settings.Find("serve-" + setting.Name, parsed.GetValue(setting.Option));

    private string SourceOf(Setting setting) => parsed.GetValue(setting.Option) is not null ? "command line"
        : Environment.GetEnvironmentVariable("QPC_SERVE_" + setting.Name.Replace('-', '_').ToUpperInvariant()) is { Length: > 0 } ? "environment"
        : ValueOf(setting) is not null ? Settings.ConfigurationFile
        : "default";

    private sealed record Setting(string Name, string ValueName, string Description, Action<QpcServerOptions, string> Apply, Func<QpcServerOptions, string> Read)
    {
        public Option<string?> Option { get; } = new("--" + Name) { Description = Description, HelpName = ValueName };
    }
}
