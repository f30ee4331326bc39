using System.Diagnostics.CodeAnalysis;
using Quicprochat.Crypto;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.KeySchedule;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// What a joiner needs to know of a group (RFC 9420 §12.4.3):
/// <code>
/// struct {
///     GroupContext group_context;
///     Extension extensions&lt;V&gt;;
///     MAC confirmation_tag;
///     uint32 signer;
///     opaque signature&lt;V&gt;;
/// } GroupInfo;
/// </code>
/// </summary>
internal sealed class GroupInfo
{
    private const string SignatureLabel = "GroupInfoTBS";

    private GroupInfo(GroupContext context, ReadOnlyMemory<byte> encoded)
    {
        GroupContext = context;
        Encoded = encoded;
    }

    public GroupContext GroupContext { get; }

    public IReadOnlyList<Extension> Extensions { get; private init; } = [];

    public ReadOnlyMemory<byte> ConfirmationTag { get; private init; }

    public uint Signer { get; private init; }

    public ReadOnlyMemory<byte> Encoded { get; }

    private ReadOnlyMemory<byte> SignedPart { get; init; }

    private ReadOnlyMemory<byte> Signature { get; init; }

    public static GroupInfo Sign(
        MlsCrypto crypto, GroupContext context, IReadOnlyList<Extension> extensions, ReadOnlySpan<byte> confirmationTag, (uint Leaf, Secret Key) signer)
    {
        var writer = new Writer(1024 + context.Encoded.Length + extensions.Sum(static extension => extension.Data.Length + 8));
        context.Write(ref writer);
        extensions.Write(ref writer);
        writer.WriteVector(confirmationTag);
        writer.WriteUInt32(signer.Leaf);
        writer.WriteVector(crypto.SignWithLabel(signer.Key.Span, SignatureLabel, writer.Written));
        return TryParse(writer.Take(), out GroupInfo? info) ? info : throw new InvalidOperationException("A GroupInfo was written wrongly.");
    }

    public bool VerifySignature(MlsCrypto crypto, ReadOnlySpan<byte> signatureKey) =>
        crypto.VerifyWithLabel(signatureKey, SignatureLabel, SignedPart.Span, Signature.Span);

    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out GroupInfo? info)
    {
        var reader = new Reader(bytes);
        return TryRead(ref reader, out info) && reader.IsAtEnd;
    }

    public static bool TryRead(ref Reader reader, [NotNullWhen(true)] out GroupInfo? info)
    {
        info = null;
        int start = reader.Position;
        if (!GroupContext.TryRead(ref reader, out GroupContext? context)
            || !ExtensionList.TryRead(ref reader, out IReadOnlyList<Extension> extensions)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> confirmationTag)
            || !reader.TryReadUInt32(out uint signer))
        {
            return false;
        }
        ReadOnlyMemory<byte> signedPart = reader.Since(start);
        if (!reader.TryReadVector(out ReadOnlyMemory<byte> signature))
        {
            return false;
        }
        info = new GroupInfo(context, reader.Since(start))
        {
            Extensions = extensions,
            ConfirmationTag = confirmationTag,
            Signer = signer,
            SignedPart = signedPart,
            Signature = signature,
        };
        return true;
    }

    public void Write(ref Writer writer) => writer.WriteBytes(Encoded.Span);
}
