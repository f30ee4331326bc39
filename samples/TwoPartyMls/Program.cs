// A chat of two, end to end encrypted with MLS. The network is left out: what goes into Wire is all that a server would see.
// Run it, then type lines: they are Alice's and Bob's in turn. Two lines are commands: "renew" and "quit".
using System.Text;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using TwoPartyMls;

long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

// 1. Each device is a client. It decides whom it believes, and where its groups are kept: here in memory.
var friends = new Friends();
var aliceClient = new MlsClient { Authentication = friends };
var bobClient = new MlsClient { Authentication = friends };
SigningIdentity aliceIdentity = aliceClient.CreateIdentity(Credential.Basic("alice"));
SigningIdentity bobIdentity = bobClient.CreateIdentity(Credential.Basic("bob"));
friends.Meet("alice", aliceIdentity.SignatureKey);
friends.Meet("bob", bobIdentity.SignatureKey);

// 2. Bob publishes a key package: what others need to add him while he is away. Its private half stays in his store.
byte[] published = Wire.Carry("bob", "key package", bobClient.CreateKeyPackage(bobIdentity, now).ToMessage());

// 3. Alice begins a group and adds Bob to it with a commit. A commit is pending until whoever orders the messages has taken
//    it; only then does Alice confirm it and send the Welcome. Here nobody else commits, so it is taken at once.
Group alice = Group.Create(aliceClient, aliceIdentity, now);
PendingCommit added = alice.Add([ReadKeyPackage(published)], now);
alice.ConfirmCommit(now);

// 4. Bob joins by the Welcome. From here on both hold the same group, and can see that they do.
Group bob = Group.Join(bobClient, Wire.Carry("alice", "welcome", added.Welcome!.Value.Span), now);
Console.WriteLine($"  they agree: {alice.EpochAuthenticator.AsSpan().SequenceEqual(bob.EpochAuthenticator)}");

// 5. They talk, in turn.
(string Name, Group Group) speaker = ("alice", alice), listener = ("bob", bob);
while (Prompt(speaker.Name) is { } line && line != "quit")
{
    if (line == "renew")
    {
        // Fresh keys for the speaker: whoever stole the old ones is locked out from this message on.
        PendingCommit renewed = speaker.Group.Commit(now);
        byte[] commit = Wire.Carry(speaker.Name, "commit", renewed.Message.Span);
        speaker.Group.ConfirmCommit(now);
        Receive(commit);
    }
    else
    {
        Receive(Wire.Carry(speaker.Name, "message", speaker.Group.Protect(Encoding.UTF8.GetBytes(line))));
    }
    (speaker, listener) = (listener, speaker);
}

// Whatever arrives goes into Process, which says what it was. What is refused is an MlsException, and changes nothing.
void Receive(byte[] message)
{
    switch (listener.Group.Process(message, now))
    {
        case ReceivedApplication said:
            Console.WriteLine($"  {listener.Name} reads from {Encoding.UTF8.GetString(said.Sender.Credential.Identity.Span)}: {Encoding.UTF8.GetString(said.Data.Span)}");
            break;
        case ReceivedCommit commit:
            Console.WriteLine($"  {listener.Name} is in epoch {commit.Change.Epoch} now");
            break;
        case var other:
            Console.WriteLine($"  {listener.Name} got {other}");
            break;
    }
}

static KeyPackage ReadKeyPackage(byte[] bytes) =>
    KeyPackage.TryParse(bytes, out KeyPackage? keyPackage) ? keyPackage : throw new InvalidDataException("That is not a key package.");

static string? Prompt(string name)
{
    Console.Write($"{name}> ");
    return Console.ReadLine();
}
