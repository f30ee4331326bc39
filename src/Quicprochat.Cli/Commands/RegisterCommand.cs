using System.CommandLine;
using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;
using Quicprochat.Sdk.Store;

namespace Quicprochat.Cli.Commands;

/// <summary><c>register</c>: a new account in a new profile.</summary>
internal static class RegisterCommand
{
    public static Command Build()
    {
        var name = new Argument<string>("name") { Description = "The part before the @" };
        var server = new Option<string?>("--server", "-s") { Description = "host[:port][#fingerprint], as the server printed it (QPC_SERVER)", HelpName = "address" };
        var invite = new Option<string?>("--invite") { Description = "What an invite-only server asks for", HelpName = "code" };
        var device = new Option<string?>("--device") { Description = "What to call this device", HelpName = "name" };
        var command = new Command("register", "Make an account on a server, and a profile here") { name, server, invite, device };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Output output = Output.ForConsole(parsed.GetValue(CommonOptions.Json));
            string address = Settings.Find("server", parsed.GetValue(server))
                ?? throw new UsageException("Which server?", "Say --server host:port#fingerprint: the line that qpc serve prints. To try it out alone: qpc demo.");
            var register = new RegisterOptions
            {
                Account = parsed.GetRequiredValue(name),
                Server = ServerAddress.Parse(address),
                Invite = parsed.GetValue(invite),
                DeviceName = parsed.GetValue(device) ?? Environment.MachineName,
            };
            string profile = Profiles.PathOf(Settings.Find("profile", parsed.GetValue(CommonOptions.Profile)) ?? Plain.ShortName(register.Account));
            if (Directory.Exists(profile) && Directory.EnumerateFileSystemEntries(profile).Any())
            {
                throw new QpcException(QpcError.ProfileExists, $"There is a profile in {profile} already.", "Choose another name with --profile, or go on with this one: qpc whoami.");
            }
            using StoreKey key = Unlocking.ForNew(UnlockingSources.Of(parsed));
            await using QpcClient client = await output.WaitAsync($"registering at {register.Server.Host}", () => QpcClient.CreateAsync(ProfileSessions.OptionsFor(parsed, profile, key), register, cancellationToken));
            string which = Profiles.Names.Count > 1 ? $" --profile {Path.GetFileName(profile)}" : "";
            output.Tell(
                $"[green]✓[/] You are {Show.Safe(client.Account)}\n[grey]profile[/] {Show.Safe(profile)}\n[grey]channel[/] {client.Security}\n[grey]Talk:[/] qpc chat{Show.Safe(which)}",
                new JsonLine("registered").Add("account", client.Account).Add("device", client.DeviceId.ToString()).Add("server", client.Server.ToString()).Add("profile", profile).Add("security", client.Security));
            return ExitCode.Done;
        });
        return command;
    }
}
