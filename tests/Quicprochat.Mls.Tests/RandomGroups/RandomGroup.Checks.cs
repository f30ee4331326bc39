using System.Globalization;
using Quicprochat.Mls.Groups;

namespace Quicprochat.Mls.Tests.RandomGroups;

/// <summary>What must hold.</summary>
internal sealed partial class RandomGroup
{
    /// <summary>The committer is the first in its epoch; what it knows is what the others must know.</summary>
    private void Told(Device committer)
    {
        _authenticators.Add(committer.Group.Epoch, committer.Authenticator);
        _told[^1] += string.Create(CultureInfo.InvariantCulture, $" → {committer.Group.Epoch} by {committer}");
    }

    private void AssertAgrees(Device device)
    {
        if (device.Group.Status == GroupStatus.Removed)
        {
            return;
        }
        Assert.True(_authenticators[device.Group.Epoch] == device.Authenticator, $"{device} disagrees in epoch {device.Group.Epoch}");
    }

    /// <summary>Those who were removed are refused everything that came after, and have nothing left that could help them.</summary>
    private void AssertThoseWhoLeftCannotFollow(ReadOnlySpan<byte> commit)
    {
        foreach (Device gone in _gone.TakeLast(3))
        {
            AssertCannotRead(gone, commit.ToArray());
        }
    }

    private void AssertCannotRead(Device gone, byte[] message)
    {
        try
        {
            Received received = gone.Group.Process(message, _now);
            Assert.True(received is NotProcessed, $"{gone}, who is no member, took a message for {Describe(received)}");
        }
        catch (MlsException)
        {
            // Refused is as good as not processed.
        }
        Assert.Equal(GroupStatus.Removed, gone.Group.Status);
        Assert.True(gone.Store.IsEmpty);
    }

    /// <summary>A call that must change nothing, neither in memory nor in the store.</summary>
    private static void AssertUnmoved(Device device, Func<Group, Received> call)
    {
        string before = device.Store.Fingerprint;
        string authenticator = device.Authenticator;
        try
        {
            Assert.IsType<NotProcessed>(call(device.Group));
        }
        catch (MlsException)
        {
            // A refusal is no change either.
        }
        Assert.Equal(authenticator, device.Authenticator);
        Assert.Equal(before, device.Store.Fingerprint);
    }

    private static NotProcessed AssertNotProcessed(Received received, NotProcessedReason reason)
    {
        Assert.True(received is NotProcessed, $"expected {reason}, found {Describe(received)}");
        Assert.Equal(reason, ((NotProcessed)received).Reason);
        return (NotProcessed)received;
    }

    private static string Describe(Received received) => received is NotProcessed not ? $"not processed: {not.Reason}" : received.GetType().Name;

    /// <summary>In the end everyone catches up, and everyone holds the same group.</summary>
    private void Settle()
    {
        foreach (Device member in _members)
        {
            CatchUp(member);
            ReadLetters(member, int.MaxValue);
        }
        Group first = _members[0].Group;
        byte[] tree = first.ExportRatchetTree();
        byte[] secret = first.Export("random groups", [1, 2, 3], 48);
        foreach (Device member in _members)
        {
            Assert.Equal(first.Epoch, member.Group.Epoch);
            Assert.Equal(_members[0].Authenticator, member.Authenticator);
            Assert.Equal(tree, member.Group.ExportRatchetTree());
            Assert.Equal(secret, member.Group.Export("random groups", [1, 2, 3], 48));
            Assert.Equal(_members.Count, member.Group.MemberCount);
            Assert.Equal(tree, member.Twin().Group.ExportRatchetTree());
        }
    }
}
