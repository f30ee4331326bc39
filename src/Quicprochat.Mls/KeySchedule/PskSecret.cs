using Quicprochat.Crypto;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.KeySchedule;

/// <summary>Chains pre-shared keys into one secret (RFC 9420 §8.4).</summary>
internal static class PskSecret
{
    /// <summary>The PSK secret of the keys in their order; all zero when there is none.</summary>
    public static Secret Derive(MlsCrypto crypto, IReadOnlyList<(PreSharedKeyId Id, Secret Key)> psks)
    {
        using Secret zero = crypto.Zero();
        Secret secret = crypto.Zero();
        for (int i = 0; i < psks.Count; i++)
        {
            using Secret extracted = crypto.Extract(zero.Span, psks[i].Key.Span);
            var label = new Writer(256);
            psks[i].Id.Write(ref label);
            label.WriteUInt16((ushort)i);
            label.WriteUInt16((ushort)psks.Count);
            using Secret input = crypto.ExpandWithLabel(extracted.Span, "derived psk", label.Written);
            Secret previous = secret;
            secret = crypto.Extract(input.Span, previous.Span);
            previous.Dispose();
        }
        return secret;
    }
}
