using Quicprochat.Crypto;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.KeySchedule;

/// <summary>
/// What one epoch's secret yields (RFC 9420 §8, Table 4). The secrets it comes from, joiner and epoch secret among them, are
/// zeroed on the way and not kept (RFC 9420 §9.2). The encryption secret is not here either: the secret tree consumes it.
/// </summary>
internal sealed class EpochSecrets : IDisposable
{
    private EpochSecrets()
    {
    }

    public required Secret SenderData { get; init; }

    public required Secret Exporter { get; init; }

    public required Secret External { get; init; }

    public required Secret ConfirmationKey { get; init; }

    public required Secret MembershipKey { get; init; }

    public required Secret ResumptionPsk { get; init; }

    public required Secret EpochAuthenticator { get; init; }

    /// <summary>The init secret for the next epoch.</summary>
    public required Secret Init { get; init; }

    /// <summary>The joiner secret: Extract(init, commit), expanded with the new context.</summary>
    public static Secret DeriveJoiner(MlsCrypto crypto, Secret initSecret, Secret commitSecret, GroupContext context)
    {
        using Secret extracted = crypto.Extract(initSecret.Span, commitSecret.Span);
        return crypto.ExpandWithLabel(extracted.Span, "joiner", context.Encoded.Span);
    }

    /// <summary>The secret between joiner and epoch secret, from which the welcome secret comes too.</summary>
    public static Secret DeriveMember(MlsCrypto crypto, Secret joinerSecret, Secret pskSecret) =>
        crypto.Extract(joinerSecret.Span, pskSecret.Span);

    public static Secret DeriveWelcome(MlsCrypto crypto, Secret memberSecret) => crypto.DeriveSecret(memberSecret.Span, "welcome");

    public static Secret DeriveEpoch(MlsCrypto crypto, Secret memberSecret, GroupContext context) =>
        crypto.ExpandWithLabel(memberSecret.Span, "epoch", context.Encoded.Span);

    /// <summary>Everything that is kept of an epoch; the encryption secret goes out by itself.</summary>
    public static EpochSecrets Derive(MlsCrypto crypto, Secret epochSecret, out Secret encryptionSecret)
    {
        ReadOnlySpan<byte> epoch = epochSecret.Span;
        encryptionSecret = crypto.DeriveSecret(epoch, "encryption");
        return new EpochSecrets
        {
            SenderData = crypto.DeriveSecret(epoch, "sender data"),
            Exporter = crypto.DeriveSecret(epoch, "exporter"),
            External = crypto.DeriveSecret(epoch, "external"),
            ConfirmationKey = crypto.DeriveSecret(epoch, "confirm"),
            MembershipKey = crypto.DeriveSecret(epoch, "membership"),
            ResumptionPsk = crypto.DeriveSecret(epoch, "resumption"),
            EpochAuthenticator = crypto.DeriveSecret(epoch, "authentication"),
            Init = crypto.DeriveSecret(epoch, "init"),
        };
    }

    /// <summary>MLS-Exporter (RFC 9420 §8.5).</summary>
    public static byte[] Export(MlsCrypto crypto, Secret exporterSecret, string label, ReadOnlySpan<byte> context, int length)
    {
        using Secret derived = crypto.DeriveSecret(exporterSecret.Span, label);
        byte[] exported = new byte[length];
        crypto.ExpandWithLabel(derived.Span, "exported", crypto.Hash(context), exported);
        return exported;
    }

    public static bool TryRead(ref Reader reader, out EpochSecrets? secrets)
    {
        secrets = null;
        var items = new ReadOnlyMemory<byte>[8];
        for (int i = 0; i < items.Length; i++)
        {
            if (!reader.TryReadVector(out items[i]))
            {
                return false;
            }
        }
        secrets = new EpochSecrets
        {
            SenderData = Secret.Copy(items[0].Span),
            Exporter = Secret.Copy(items[1].Span),
            External = Secret.Copy(items[2].Span),
            ConfirmationKey = Secret.Copy(items[3].Span),
            MembershipKey = Secret.Copy(items[4].Span),
            ResumptionPsk = Secret.Copy(items[5].Span),
            EpochAuthenticator = Secret.Copy(items[6].Span),
            Init = Secret.Copy(items[7].Span),
        };
        return true;
    }

    public void Write(ref Writer writer)
    {
        writer.WriteVector(SenderData.Span);
        writer.WriteVector(Exporter.Span);
        writer.WriteVector(External.Span);
        writer.WriteVector(ConfirmationKey.Span);
        writer.WriteVector(MembershipKey.Span);
        writer.WriteVector(ResumptionPsk.Span);
        writer.WriteVector(EpochAuthenticator.Span);
        writer.WriteVector(Init.Span);
    }

    public void Dispose()
    {
        SenderData.Dispose();
        Exporter.Dispose();
        External.Dispose();
        ConfirmationKey.Dispose();
        MembershipKey.Dispose();
        ResumptionPsk.Dispose();
        EpochAuthenticator.Dispose();
        Init.Dispose();
    }
}
