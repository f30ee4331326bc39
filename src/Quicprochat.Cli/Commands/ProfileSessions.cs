using System.CommandLine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;
using Quicprochat.Sdk.Store;

namespace Quicprochat.Cli.Commands;

/// <summary>A client of the profile that the command line names, for one command.</summary>
internal sealed class ProfileSessions : ISessions
{
    public QpcClient? Running => null;

    public async Task<Session> OpenAsync(ParseResult parsed, bool online, CancellationToken cancellationToken)
    {
        Output output = Output.ForConsole(parsed.GetValue(CommonOptions.Json));
        string profile = Profiles.Choose(parsed.GetValue(CommonOptions.Profile));
        if (!Directory.Exists(profile))
        {
            throw new UsageException(
                $"There is no profile {Path.GetFileName(profile)}.", Profiles.Names is { Count: > 0 } names ? $"There are: {string.Join(", ", names)}." : "Make one: qpc register NAME --server ADDRESS.");
        }
        using StoreKey key = Unlocking.ForExisting(UnlockingSources.Of(parsed));
        QpcClient client = await output.WaitAsync("opening the profile", () => QpcClient.OpenAsync(OptionsFor(parsed, profile, key), cancellationToken));
        if (online)
        {
            try
            {
                await output.WaitAsync($"connecting to {client.Server.Host}", () => client.ConnectAsync(cancellationToken));
            }
            catch
            {
                await client.DisposeAsync();
                throw;
            }
        }
        return new Session(client, output, ownsClient: true);
    }

    /// <summary>What a client of the command line needs to know.</summary>
    public static QpcClientOptions OptionsFor(ParseResult parsed, string profile, StoreKey key) => new()
    {
        ProfilePath = profile,
        Key = key,
        ConfirmServerKey = ConfirmAsync,
        LoggerFactory = LoggersFor(parsed),
        Server = Settings.Find("server-override") is { } address ? ServerAddress.Parse(address) : null,
    };

    public static ILoggerFactory LoggersFor(ParseResult parsed) => Settings.IsOn("verbose", parsed.GetValue(CommonOptions.Verbose))
        ? LoggerFactory.Create(static logging => logging.SetMinimumLevel(LogLevel.Debug).AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace))
        : NullLoggerFactory.Instance;

    /// <summary>A server that nobody vouches for: the user decides, once.</summary>
    private static ValueTask<bool> ConfirmAsync(UnknownServerKey key, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected)
        {
            return ValueTask.FromResult(false);
        }
        Console.Error.WriteLine($"{key.Address.Host} shows a key that no authority vouches for. Its fingerprint is");
        Console.Error.WriteLine($"  {key.Address.Fingerprint}");
        Console.Error.Write("Compare it with what its operator says. Is it the same? Type yes to trust it from now on: ");
        return ValueTask.FromResult(string.Equals(Console.ReadLine()?.Trim(), "yes", StringComparison.OrdinalIgnoreCase));
    }
}
