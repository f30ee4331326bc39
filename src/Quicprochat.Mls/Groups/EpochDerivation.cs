using Quicprochat.Crypto;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Groups;

/// <summary>
/// The secrets between two epochs (RFC 9420 §8). Joiner and welcome secret are here as long as a Welcome may be made of them;
/// disposing zeroes them. What the new epoch keeps is in <see cref="Secrets"/> and <see cref="EncryptionSecret"/>.
/// </summary>
internal sealed class EpochDerivation : IDisposable
{
    private EpochDerivation(Secret joiner, Secret welcome, EpochSecrets secrets, Secret encryption)
    {
        Joiner = joiner;
        Welcome = welcome;
        Secrets = secrets;
        EncryptionSecret = encryption;
    }

    public Secret Joiner { get; }

    public Secret Welcome { get; }

    public EpochSecrets Secrets { get; }

    public Secret EncryptionSecret { get; }

    /// <summary>For those who were there before.</summary>
    public static EpochDerivation Derive(MlsCrypto crypto, Secret initSecret, Secret commitSecret, Secret pskSecret, GroupContext context) =>
        FromJoiner(crypto, EpochSecrets.DeriveJoiner(crypto, initSecret, commitSecret, context), pskSecret, context);

    /// <summary>For those who come; it takes over the joiner secret.</summary>
    public static EpochDerivation FromJoiner(MlsCrypto crypto, Secret joiner, Secret pskSecret, GroupContext context)
    {
        using Secret member = EpochSecrets.DeriveMember(crypto, joiner, pskSecret);
        Secret welcome = EpochSecrets.DeriveWelcome(crypto, member);
        using Secret epoch = EpochSecrets.DeriveEpoch(crypto, member, context);
        EpochSecrets secrets = EpochSecrets.Derive(crypto, epoch, out Secret encryption);
        return new EpochDerivation(joiner, welcome, secrets, encryption);
    }

    /// <summary>Zeroes what the epoch would have kept, when there is to be no such epoch.</summary>
    public void Discard()
    {
        Secrets.Dispose();
        EncryptionSecret.Dispose();
    }

    public void Dispose()
    {
        Joiner.Dispose();
        Welcome.Dispose();
    }
}
