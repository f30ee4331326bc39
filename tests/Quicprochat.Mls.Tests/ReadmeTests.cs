using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests;

public class ReadmeTests
{
    [Fact]
    public void The_example_of_the_readme_works()
    {
        long now = 1_800_000_000;
        MlsClient alice = new() { Authentication = new Trust() };
        MlsClient bob = new() { Authentication = new Trust() };
        KeyPackage published = bob.CreateKeyPackage(bob.CreateIdentity(Credential.Basic("bob")), now);
        Group hers = Group.Create(alice, alice.CreateIdentity(Credential.Basic("alice")), now);
        PendingCommit commit = hers.Add([published], now);
        hers.ConfirmCommit(now);
        Group his = Group.Join(bob, commit.Welcome!.Value.Span, now);
        byte[] message = hers.Protect("hello, bob"u8);
        ReceivedApplication received = Assert.IsType<ReceivedApplication>(his.Process(message, now));
        Assert.Equal("hello, bob"u8, received.Data.Span);
        Assert.Equal(0u, received.Sender.LeafIndex);
    }
}
