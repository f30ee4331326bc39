namespace Quicprochat.Mls.Tests.Groups;

/// <summary>Asserts that something is refused by one rule, and that the group is as it was.</summary>
internal static class Refused
{
    public static void By(MlsErrorCode code, Party receiver, byte[] message)
    {
        (ulong Epoch, string Authenticator, int Proposals, int Records) before = Picture(receiver);
        int applied = receiver.Store.Applied.Count;
        MlsException exception = Assert.Throws<MlsException>(() => receiver.Group.Process(message, Party.Now));
        Assert.Equal(code, exception.Code);
        Assert.Equal(applied, receiver.Store.Applied.Count);
        Assert.Equal(before, Picture(receiver));
    }

    public static void By(MlsErrorCode code, Action act) => Assert.Equal(code, Assert.Throws<MlsException>(act).Code);

    /// <summary>Refused by one of several rules, whichever comes first.</summary>
    public static void By(Action act, params MlsErrorCode[] codes) => Assert.Contains(Assert.Throws<MlsException>(act).Code, codes);

    private static (ulong Epoch, string Authenticator, int Proposals, int Records) Picture(Party party) =>
        (party.Group.Epoch, Convert.ToHexString(party.Group.EpochAuthenticator), party.Group.PendingProposals.Count, party.Store.ReadRange(default).Count);
}
