using System.Globalization;
using System.Text;
using Quicprochat.Mls.Groups;

namespace Quicprochat.Mls.Tests.RandomGroups;

/// <summary>How things reach the devices: handshake messages in one order for all, but soon or late, sometimes ahead of time, sometimes twice.</summary>
internal sealed partial class RandomGroup
{
    /// <summary>The delivery service takes the commit that a member has pending: it is the one that ends the epoch.</summary>
    private void Publish(Device committer, params IReadOnlyList<Device> joiners)
    {
        PendingCommit pending = committer.Group.PendingCommit!;
        Assert.Equal(committer.Group.Epoch, pending.Epoch);
        if (OneIn(3))
        {
            Call(committer, group => AssertNotProcessed(group.Process(pending.Message.Span, _now), NotProcessedReason.OwnPendingCommit));
        }
        Call(committer, group => group.ConfirmCommit(_now));
        Told(committer);
        foreach (Device member in _members.Where(member => member != committer))
        {
            member.Parcels.Add(new Parcel(pending.Message.ToArray(), pending.Epoch, IsCommit: true));
        }
        foreach (Device joiner in joiners)
        {
            joiner.Group = JoinByWelcome(joiner, pending.Welcome!.Value.Span);
            _members.Add(joiner);
            AssertAgrees(joiner);
        }
        ShowOut(committer);
        foreach (Device member in _members.Where(_ => !OneIn(6)).ToList())
        {
            CatchUp(member);
        }
        if (OneIn(4))
        {
            AssertUnmoved(committer, group => group.Process(pending.Message.Span, _now));
        }
        AssertThoseWhoLeftCannotFollow(pending.Message.Span);
    }

    /// <summary>A Welcome that fails to be stored can be used again.</summary>
    private Group JoinByWelcome(Device joiner, ReadOnlySpan<byte> welcome)
    {
        if (OneIn(4))
        {
            joiner.Store.CutBeforeNextWrite();
            byte[] copy = welcome.ToArray();
            Assert.Throws<StoreCutException>(() => Group.Join(joiner.Client, copy, _now));
        }
        return Group.Join(joiner.Client, welcome, _now);
    }

    /// <summary>Those whom the commit removed learn so, and are members no more.</summary>
    private void ShowOut(Device committer)
    {
        HashSet<uint> present = [.. committer.Group.Members.Select(static member => member.LeafIndex)];
        foreach (Device member in _members.ToList())
        {
            bool isOut = member.Group.GroupId.Span.SequenceEqual(committer.Group.GroupId.Span)
                && (!present.Contains(member.Group.OwnLeafIndex) || !IsAt(committer.Group, member));
            if (!isOut)
            {
                continue;
            }
            CatchUp(member);
            Assert.Equal(GroupStatus.Removed, member.Group.Status);
            _members.Remove(member);
            _gone.Add(member);
        }
    }

    private static bool IsAt(Group group, Device device) =>
        group.Members.Any(member => member.LeafIndex == device.Group.OwnLeafIndex && member.Credential.Identity.Span.SequenceEqual(Encoding.UTF8.GetBytes(device.Name)));

    /// <summary>A proposal goes to everyone, its sender excepted, and everyone has it before anything else happens.</summary>
    private void Spread(Device sender, byte[] proposal)
    {
        ulong epoch = sender.Group.Epoch;
        foreach (Device member in _members.Where(member => member != sender))
        {
            member.Parcels.Add(new Parcel(proposal, epoch, IsCommit: false));
            CatchUp(member);
        }
    }

    private void CatchUp(Device device)
    {
        while (device.Parcels.Count > 0)
        {
            if (device.Parcels.Count > 1 && OneIn(3))
            {
                HandAhead(device);
            }
            Parcel parcel = device.Parcels[0];
            device.Parcels.RemoveAt(0);
            Hand(device, parcel);
        }
    }

    /// <summary>A message of the next epoch comes first: it is held until it can be processed.</summary>
    private void HandAhead(Device device)
    {
        int next = device.Parcels.FindIndex(parcel => parcel.Epoch > device.Group.Epoch);
        if (next < 0)
        {
            return;
        }
        Parcel ahead = device.Parcels[next];
        device.Parcels.RemoveAt(next);
        Call(device, group => AssertNotProcessed(group.Process(ahead.Message, _now), NotProcessedReason.FutureEpoch));
    }

    private void Hand(Device device, Parcel parcel)
    {
        Received received = ProcessBesideTwin(device, parcel.Message);
        if (parcel.IsCommit)
        {
            Assert.True(received is ReceivedCommit, $"{device} took a commit for {Describe(received)}");
            AssertAgrees(device);
        }
        else
        {
            Assert.True(received is ReceivedProposal, $"{device} took a proposal for {Describe(received)}");
        }
        if (OneIn(5))
        {
            AssertUnmoved(device, group => group.Process(parcel.Message, _now));
        }
        TakeHeld(device);
    }

    private void TakeHeld(Device device)
    {
        while (device.Group.TryTakeHeld(out ReadOnlyMemory<byte> held))
        {
            ReadOnlyMemory<byte> message = held;
            Received received = Call(device, group => group.Process(message.Span, _now));
            switch (received)
            {
                case ReceivedApplication application:
                    Note(device, application);
                    break;
                case ReceivedCommit:
                    AssertAgrees(device);
                    break;
                default:
                    Assert.True(received is ReceivedProposal, $"{device} took a held message for {Describe(received)}");
                    break;
            }
        }
    }

    /// <summary>Now and then what is stored is loaded elsewhere, and must behave as what is in memory.</summary>
    private Received ProcessBesideTwin(Device device, byte[] message)
    {
        if (!OneIn(8))
        {
            return Call(device, group => group.Process(message, _now));
        }
        (Group twin, CuttableStore store) = device.Twin();
        Received expected = twin.Process(message, _now);
        Received received = device.Group.Process(message, _now);
        Assert.Equal(expected.GetType(), received.GetType());
        Assert.Equal(twin.Status, device.Group.Status);
        if (twin.Status != GroupStatus.Removed)
        {
            Assert.Equal(twin.EpochAuthenticator, device.Group.EpochAuthenticator);
        }
        Assert.Equal(store.Fingerprint, device.Store.Fingerprint);
        return received;
    }

    /// <summary>
    /// Now and then the store fails before it keeps anything: the group in memory must not be ahead of it, whether the process
    /// goes on or starts anew, and the call must succeed when it is made again.
    /// </summary>
    private T Call<T>(Device device, Func<Group, T> call)
    {
        if (!OneIn(10))
        {
            return call(device.Group);
        }
        string before = device.Store.Fingerprint;
        string authenticator = device.Authenticator;
        device.Store.CutBeforeNextWrite();
        try
        {
            T result = call(device.Group);
            Assert.True(device.Store.Mend(), "a cut store did not stop the call");
            return result;
        }
        catch (StoreCutException)
        {
            Assert.Equal(before, device.Store.Fingerprint);
            Assert.Equal(authenticator, device.Authenticator);
        }
        if (OneIn(2))
        {
            device.Restart();
            Assert.Equal(authenticator, device.Authenticator);
        }
        return call(device.Group);
    }

    private void Post(Device sender)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"letter {++_letters} from {sender}");
        byte[] message = Call(sender, group => group.Protect(Encoding.UTF8.GetBytes(text)));
        foreach (Device member in _members.Where(member => member != sender))
        {
            member.Letters.Add(new Letter(message, text, sender.Group.Epoch));
        }
        foreach (Device gone in _gone)
        {
            AssertCannotRead(gone, message);
        }
    }

    private void ReadLetters(Device device, int most)
    {
        foreach (Letter letter in Some(device.Letters, most))
        {
            device.Letters.Remove(letter);
            ulong epoch = device.Group.Epoch;
            bool isLate = letter.Epoch + (ulong)Device.Retention.PastEpochsMax < epoch;
            Received received = ProcessBesideTwin(device, letter.Message);
            if (letter.Epoch > epoch)
            {
                AssertNotProcessed(received, NotProcessedReason.FutureEpoch);
            }
            else if (isLate)
            {
                AssertNotProcessed(received, NotProcessedReason.PastEpoch);
            }
            else
            {
                Assert.True(received is ReceivedApplication, $"{device} in epoch {epoch} took a letter of epoch {letter.Epoch} for {Describe(received)}");
                Assert.Equal(letter.Text, Encoding.UTF8.GetString(((ReceivedApplication)received).Data.Span));
                Note(device, (ReceivedApplication)received);
                AssertUnmoved(device, group => AssertNotProcessed(group.Process(letter.Message, _now), NotProcessedReason.Duplicate));
            }
        }
    }

    private static void Note(Device device, ReceivedApplication application)
    {
        string text = Encoding.UTF8.GetString(application.Data.Span);
        Assert.True(device.Read.Add(text), $"{device} has read \"{text}\" twice");
        Assert.EndsWith(" from " + Encoding.UTF8.GetString(application.Sender.Credential.Identity.Span), text, StringComparison.Ordinal);
    }
}
