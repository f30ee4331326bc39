using System.CommandLine;
using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;
using Quicprochat.Sdk.Store;
using Spectre.Console;

namespace Quicprochat.Cli.Commands;

/// <summary><c>device list|link|approve|complete|revoke</c>.</summary>
internal static class DeviceVerbs
{
    public static Command Build(ISessions sessions) => new("device", "Your devices, and how another one joins") { List(sessions), Link(), Approve(sessions), Complete(), Revoke(sessions) };

    private static Command List(ISessions sessions)
    {
        var command = new Command("list", "Your devices; needs no connection");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: false, cancellationToken);
            Table table = new Table().Border(TableBorder.None).AddColumns("[grey]id[/]", "[grey]name[/]", "[grey]until[/]");
            foreach (DeviceInfo device in session.Client.Devices)
            {
                table.AddRow(device.Id.ToString(), Show.Safe(device.Name) + (device.IsThis ? " [grey](this)[/]" : ""), device.NotAfter.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
            }
            session.Output.Tell(table, session.Client.Devices.Select(static d => new JsonLine("device").Add("id", d.Id.ToString()).Add("name", d.Name).Add("this", d.IsThis).Add("not_after", d.NotAfter)));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Link()
    {
        var account = new Argument<string>("account") { Description = "alice@example.org" };
        var server = new Option<string?>("--server", "-s") { Description = "host[:port][#fingerprint] (QPC_SERVER)", HelpName = "address" };
        var command = new Command("link", "On the new device: makes a text to bring to a device that you have") { account, server };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Output output = Output.ForConsole(parsed.GetValue(CommonOptions.Json));
            string address = Settings.Find("server", parsed.GetValue(server)) ?? throw new UsageException("Which server?", "Say --server host:port#fingerprint.");
            string name = parsed.GetRequiredValue(account);
            string profile = Profiles.PathOf(Settings.Find("profile", parsed.GetValue(CommonOptions.Profile)) ?? Plain.ShortName(name));
            using StoreKey key = Unlocking.ForNew(UnlockingSources.Of(parsed));
            string request = await QpcClient.RequestLinkAsync(
                ProfileSessions.OptionsFor(parsed, profile, key), new LinkOptions { Account = name, Server = ServerAddress.Parse(address), DeviceName = Environment.MachineName }, cancellationToken);
            output.Tell($"On a device that you have: [grey]qpc device approve[/] {Show.Safe(request)}\nThen here: [grey]qpc device complete[/] and what it says.", new JsonLine("link").Add("request", request));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Approve(ISessions sessions)
    {
        var request = new Argument<string>("request") { Description = "The text from the new device" };
        var command = new Command("approve", "On a device that you have: vouches for the new one") { request };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using Session session = await sessions.OpenAsync(parsed, online: true, cancellationToken);
            string approval = await session.Output.WaitAsync("adding the device", () => session.Client.ApproveDeviceAsync(parsed.GetRequiredValue(request), cancellationToken));
            session.Output.Tell($"On the new device: [grey]qpc device complete[/] {Show.Safe(approval)}", new JsonLine("approved").Add("approval", approval));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Complete()
    {
        var approval = new Argument<string>("approval") { Description = "The text from the device that you have" };
        var command = new Command("complete", "On the new device: the last step") { approval };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Output output = Output.ForConsole(parsed.GetValue(CommonOptions.Json));
            string profile = Profiles.Choose(parsed.GetValue(CommonOptions.Profile));
            using StoreKey key = Unlocking.ForExisting(UnlockingSources.Of(parsed));
            await using QpcClient client = await QpcClient.CompleteLinkAsync(ProfileSessions.OptionsFor(parsed, profile, key), parsed.GetRequiredValue(approval), cancellationToken);
            await client.ConnectAsync(cancellationToken);
            output.Tell($"[green]✓[/] This device is one of {Show.Safe(client.Account)} now.", new JsonLine("linked").Add("account", client.Account).Add("device", client.DeviceId.ToString()));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Revoke(ISessions sessions)
    {
        var id = new Argument<string>("device") { Description = "The device's id" };
        var command = new Command("revoke", "Cut a device off: it reads nothing of what comes after") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string text = parsed.GetRequiredValue(id);
            await using Session session = await sessions.OpenAsync(parsed, online: true, cancellationToken);
            DeviceInfo device = session.Client.Devices.SingleOrDefault(d => d.Id.ToString().StartsWith(text, StringComparison.OrdinalIgnoreCase))
                ?? throw new UsageException($"You have no device {text}.", "Look with: qpc device list.");
            await session.Client.RevokeDeviceAsync(device.Id, cancellationToken);
            session.Output.Tell($"[green]✓[/] {Show.Safe(device.Name)} is cut off.", new JsonLine("revoked").Add("device", device.Id.ToString()));
            return ExitCode.Done;
        });
        return command;
    }
}
