using System.Diagnostics;
using System.Net;
using Quicprochat.Cli.Commands;
using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;

namespace Quicprochat.Cli.Demo;

/// <summary>What happens in the demo, in order.</summary>
internal sealed class Play(Output output, string folder)
{
    private const string GroupName = "the tea society";

    /// <summary>What was said, in order, by conversation, with those who should have it.</summary>
    private readonly List<(ConversationId Conversation, string Text, Person[] Readers)> _said = [];

    private string ServerFolder => Path.Combine(folder, "server");

    /// <summary>Plays; false when a check failed.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        ServerProcess server = await ServerProcess.StartAsync(ServerFolder, new IPEndPoint(IPAddress.Loopback, 0), cancellationToken);
        await using WireCapture wire = WireCapture.Start(server.EndPoint);
        try
        {
            Scene($"A server, in a process of its own (pid {server.ProcessId}), on UDP {server.EndPoint}. Between it and everybody: somebody who keeps every datagram.");
            var address = ServerAddress.Parse($"{wire.EndPoint}#{server.Fingerprint}");
            await using Person alice = await RegisterAsync("alice", address, cancellationToken);
            await using Person bob = await RegisterAsync("bob", address, cancellationToken);
            await using Person carol = await RegisterAsync("carol", address, cancellationToken);
            output.Say($"[grey]key exchange and cipher of each connection: {Show.Safe(alice.Client.Security ?? "none")}\ncipher suite of every conversation: {Show.Safe(alice.Client.CipherSuite)}[/]");

            Conversation direct = await TalkAsync(alice, bob, cancellationToken);
            Conversation group = await FormGroupAsync(alice, bob, carol, cancellationToken);

            Scene("The server is killed with SIGKILL. Alice speaks all the same. It starts again on what is on its disk.");
            await server.KillAsync();
            await SayAsync(group, "Is anybody out there?", alice, [bob, carol], wait: false, cancellationToken);
            await server.DisposeAsync();
            server = await ServerProcess.StartAsync(ServerFolder, server.EndPoint, cancellationToken);
            await SeenAsync("Is anybody out there?", [bob, carol], cancellationToken);

            await RemoveAsync(group, alice, bob, carol, cancellationToken);
            var checks = new Checks(output);
            Scene("What is true now");
            await CheckAsync(checks, (alice, bob, carol), (direct, group, wire), cancellationToken);
            output.Tell(
                $"\n{(checks.Failed == 0 ? "[green]All[/]" : $"[red]{checks.Failed} failed,[/]")} {checks.Passed} checks passed, in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s.",
                new JsonLine("demo").Add("passed", (long)checks.Passed).Add("failed", (long)checks.Failed).Add("seconds", Stopwatch.GetElapsedTime(began).TotalSeconds));
            return checks.Failed == 0;
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private void Scene(string text) => output.Tell($"\n[bold]{Show.Safe(text)}[/]", new JsonLine("scene").Add("text", text));

    private async Task<Person> RegisterAsync(string name, ServerAddress server, CancellationToken cancellationToken)
    {
        Person person = await Person.RegisterAsync(name, Path.Combine(folder, name), (server, output), cancellationToken);
        output.Tell(
            $"{person.Column} [grey]·[/] registered as {Show.Safe(person.Client.Account)} [grey]with device {person.Client.DeviceId.ToString()[..8]}…[/]",
            new JsonLine("registered").Add("account", person.Client.Account));
        return person;
    }

    private async Task SayAsync(Conversation conversation, string text, Person speaker, Person[] listeners, bool wait, CancellationToken cancellationToken)
    {
        Conversation own = speaker.Find(conversation.Id)!;
        _said.Add((own.Id, text, [speaker, .. listeners]));
        await speaker.SayAsync(own, text, cancellationToken);
        if (wait)
        {
            await SeenAsync(text, listeners, cancellationToken);
        }
    }

    private static Task SeenAsync(string text, Person[] listeners, CancellationToken cancellationToken) => Task.WhenAll(listeners.Select(listener => listener.SeesAsync(text, cancellationToken)));

    private async Task<Conversation> TalkAsync(Person alice, Person bob, CancellationToken cancellationToken)
    {
        Scene("Alice and Bob talk.");
        Conversation direct = await alice.Client.GetDirectAsync(bob.Client.Account, cancellationToken);
        await bob.ReachesAsync(direct.Id, direct.Epoch, cancellationToken);
        await SayAsync(direct, "Hello Bob, who can read this?", alice, [bob], wait: true, cancellationToken);
        await SayAsync(direct, "You and I. The server holds no code that could.", bob, [alice], wait: true, cancellationToken);
        Contact contact = await alice.Client.GetContactAsync(bob.Client.Account, cancellationToken);
        output.Say($"[grey]the number they compare, to know that nobody is in between: {contact.SafetyNumber}[/]");
        return direct;
    }

    private async Task<Conversation> FormGroupAsync(Person alice, Person bob, Person carol, CancellationToken cancellationToken)
    {
        Scene("Alice makes a group with Bob. Carol is added later, and cannot read what was said before.");
        Conversation group = await alice.Client.CreateGroupAsync(GroupName, [bob.Client.Account], cancellationToken);
        await bob.ReachesAsync(group.Id, group.Epoch, cancellationToken);
        await SayAsync(group, "Let us invite Carol.", alice, [bob], wait: true, cancellationToken);
        await group.InviteAsync([carol.Client.Account], cancellationToken);
        await Task.WhenAll(bob.ReachesAsync(group.Id, group.Epoch, cancellationToken), carol.ReachesAsync(group.Id, group.Epoch, cancellationToken));
        await SayAsync(group, "Welcome, Carol!", bob, [alice, carol], wait: true, cancellationToken);
        await SayAsync(group, "Tea at five, then.", carol, [alice, bob], wait: true, cancellationToken);

        Scene("Bob takes fresh keys: whoever had stolen his old ones is locked out again.");
        Conversation bobs = bob.Find(group.Id)!;
        await bobs.UpdateKeysAsync(cancellationToken);
        await Task.WhenAll(alice.ReachesAsync(group.Id, bobs.Epoch, cancellationToken), carol.ReachesAsync(group.Id, bobs.Epoch, cancellationToken));
        await SayAsync(group, "Earl Grey or Darjeeling?", alice, [bob, carol], wait: true, cancellationToken);
        return group;
    }

    private async Task RemoveAsync(Conversation group, Person alice, Person bob, Person carol, CancellationToken cancellationToken)
    {
        Scene("Alice removes Bob.");
        await group.RemoveAsync([bob.Client.Account], cancellationToken);
        await Task.WhenAll(carol.ReachesAsync(group.Id, group.Epoch, cancellationToken), bob.LeavesAsync(group.Id, cancellationToken));
        await SayAsync(group, "Now it is the two of us.", alice, [carol], wait: true, cancellationToken);
        await SayAsync(group, "Bob never drank tea anyway.", carol, [alice], wait: true, cancellationToken);
    }

    private async Task CheckAsync(Checks checks, (Person Alice, Person Bob, Person Carol) people, (Conversation Direct, Conversation Group, WireCapture Wire) world, CancellationToken cancellationToken)
    {
        Person[] all = [people.Alice, people.Bob, people.Carol];
        foreach (Person person in all)
        {
            await person.Client.SyncAsync(cancellationToken);
        }
        foreach (Conversation conversation in (Conversation[])[world.Direct, world.Group])
        {
            foreach (Person person in all.Where(person => _said.Exists(said => said.Conversation == conversation.Id && said.Readers.Contains(person))))
            {
                string[] expected = [.. _said.Where(said => said.Conversation == conversation.Id && said.Readers.Contains(person)).Select(static said => said.Text)];
                List<string> has = await person.HistoryAsync(conversation.Id, cancellationToken);
                checks.Add(
                    $"{person.Name} has every message of {(conversation.Kind == ConversationKind.Direct ? "the conversation of two" : GroupName)} once and in order",
                    has.SequenceEqual(expected) ? null : $"there are {has.Count}: {string.Join(" | ", has)}",
                    $"{expected.Length} messages");
            }
        }
        Conversation carols = people.Carol.Find(world.Group.Id)!;
        checks.Add(
            "Alice and Carol hold the same keys",
            world.Group.Epoch == carols.Epoch && world.Group.EpochAuthenticator.Span.SequenceEqual(carols.EpochAuthenticator.Span) ? null : $"epochs {world.Group.Epoch} and {carols.Epoch}",
            $"epoch {carols.Epoch}, authenticator {Convert.ToHexStringLower(carols.EpochAuthenticator.Span)[..16]}…");
        await CheckBobAsync(checks, people.Bob, world.Group.Id, cancellationToken);
        foreach (Person person in all)
        {
            // A closed store is all that there is of a person.
            await person.DisposeAsync();
        }
        CheckSecrecy(checks, all, world.Wire);
    }

    private static async Task CheckBobAsync(Checks checks, Person bob, ConversationId group, CancellationToken cancellationToken)
    {
        string? problem = null;
        string answer = "";
        try
        {
            await bob.Find(group)!.RejoinAsync(cancellationToken);
            problem = "he came back in";
        }
        catch (QpcException e)
        {
            answer = e.Message;
        }
        checks.Add("Bob cannot read what came after he left, and cannot come back by himself", problem, $"he tried; {answer}");
    }

    private void CheckSecrecy(Checks checks, Person[] all, WireCapture wire)
    {
        var search = new PlaintextSearch([.. _said.Select(static said => said.Text), GroupName]);
        string what = $"{search.Count} texts";
        string? found = search.FindInFolder(ServerFolder, out int files, out long length);

        // The name of an account is something that the server must know: not to find it would mean that the search does not work.
        bool works = new PlaintextSearch([all[0].Client.Account]).FindInFolder(ServerFolder, out _, out _) is not null;
        checks.Add("Nothing that was said is in the server's files", works ? found : "the search does not find what must be there", $"{what}, {files} files, {length / 1024} KiB");

        string? onWire = wire.Datagrams.Select(datagram => search.FindIn(datagram)).FirstOrDefault(static text => text is not null);
        checks.Add(
            "Nothing that was said was on the wire",
            wire.Datagrams.Count > 0 ? onWire : "nothing was captured",
            $"{what}, {wire.Datagrams.Count} datagrams, {wire.Datagrams.Sum(static d => (long)d.Length) / 1024} KiB");

        foreach (Person person in all)
        {
            found = search.FindInFolder(Path.Combine(folder, person.Name), out files, out length);
            checks.Add($"Nothing that was said is readable on {person.Name}'s disk", found, $"{what}, {files} files, {length / 1024} KiB");
        }
    }
}
