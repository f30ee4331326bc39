using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests.RandomGroups;

/// <summary>Groups that come out of this one.</summary>
internal sealed partial class RandomGroup
{
    /// <summary>Some members meet in a group of their own, and talk there once.</summary>
    private void BranchOff()
    {
        _members.ForEach(CatchUp);
        List<Device> some = Some(_members, 2 + _random.Next(3));
        if (some.Count < 2)
        {
            return;
        }
        Device founder = some[0];
        Group branch = founder.Group.Branch([.. some.Skip(1).Select(NewKeyPackage)], _now);
        byte[] welcome = branch.PendingCommit!.Welcome!.Value.ToArray();
        branch.ConfirmCommit(_now);
        byte[] message = branch.Protect("among us"u8);
        foreach (Device device in some.Skip(1))
        {
            Group joined = Group.Join(device.Client, welcome, _now);
            Assert.Equal(branch.EpochAuthenticator, joined.EpochAuthenticator);
            Assert.IsType<ReceivedApplication>(joined.Process(message, _now));
            joined.Delete();
        }
        branch.Delete();
    }

    /// <summary>The group closes, and all its members go on in another, perhaps in another cipher suite.</summary>
    private void StartOver()
    {
        _members.ForEach(CatchUp);
        CipherSuite next = Any(Suites);
        Device closer = Any(_members);
        Commit(closer, [Proposal.ReInit(RandomBytes(16), next, [])]);
        Publish(closer);
        foreach (Device member in _members)
        {
            CatchUp(member);
            Assert.Equal(GroupStatus.ReInitialized, member.Group.Status);
            Assert.Throws<MlsException>(() => member.Group.Commit(_now));
            member.Letters.Clear();
        }

        Device founder = Any(_members);
        List<Device> others = [.. _members.Where(member => member != founder)];
        _members.ForEach(member => member.Identity = member.Client.CreateIdentity(Credential.Basic(member.Name), next));
        Group group = founder.Group.StartReInitialized([.. others.Select(NewKeyPackage)], _now, founder.Identity);
        byte[]? welcome = group.PendingCommit!.Welcome?.ToArray();
        group.ConfirmCommit(_now);

        _suite = next;
        _authenticators.Clear();
        founder.Group.Delete();
        founder.Group = group;
        Told(founder);
        foreach (Device member in others)
        {
            Group old = member.Group;
            member.Group = JoinByWelcome(member, welcome);
            old.Delete();
            AssertAgrees(member);
        }
    }
}
