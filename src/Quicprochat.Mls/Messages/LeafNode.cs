using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.KeySchedule;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// A client's appearance in a group, signed by it (RFC 9420 §7.2):
/// <code>
/// struct {
///     HPKEPublicKey encryption_key;
///     SignaturePublicKey signature_key;
///     Credential credential;
///     Capabilities capabilities;
///     LeafNodeSource leaf_node_source;
///     select (LeafNode.leaf_node_source) {
///         case key_package: Lifetime lifetime;
///         case update:      struct{};
///         case commit:      opaque parent_hash&lt;V&gt;;
///     };
///     Extension extensions&lt;V&gt;;
///     opaque signature&lt;V&gt;;
/// } LeafNode;
/// </code>
/// </summary>
public sealed class LeafNode
{
    private const string SignatureLabel = "LeafNodeTBS";

    private LeafNode(LeafNodeFields fields, ReadOnlyMemory<byte> signedPart, ReadOnlyMemory<byte> signature, ReadOnlyMemory<byte> encoded)
    {
        Fields = fields;
        SignedPart = signedPart;
        Signature = signature;
        Encoded = encoded;
    }

    /// <summary>The HPKE key that path secrets are encrypted to.</summary>
    public ReadOnlyMemory<byte> EncryptionKey => Fields.EncryptionKey;

    /// <summary>The key that verifies what the member signs.</summary>
    public ReadOnlyMemory<byte> SignatureKey => Fields.SignatureKey;

    /// <summary>Who the member is.</summary>
    public Credential Credential => Fields.Credential;

    /// <summary>What the member's client supports.</summary>
    public Capabilities Capabilities => Fields.Capabilities;

    /// <summary>How the leaf came to be.</summary>
    public LeafNodeSource Source => Fields.Source;

    /// <summary>When it may be used; meaningful where <see cref="Source"/> is a key package.</summary>
    public Lifetime Lifetime => Fields.Lifetime;

    /// <summary>Its extensions, known or not.</summary>
    public IReadOnlyList<Extension> Extensions => Fields.Extensions;

    /// <summary>The bytes it was read from.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    internal LeafNodeFields Fields { get; }

    internal ReadOnlyMemory<byte> ParentHash => Fields.ParentHash;

    internal ReadOnlyMemory<byte> Signature { get; }

    /// <summary>Everything above the signature.</summary>
    private ReadOnlyMemory<byte> SignedPart { get; }

    /// <summary>Signs <paramref name="fields"/>; group and place are part of what is signed unless it is for a key package.</summary>
    internal static LeafNode Sign(LeafNodeFields fields, MlsCrypto crypto, ReadOnlySpan<byte> signatureKey, ReadOnlySpan<byte> groupId, uint leafIndex)
    {
        var writer = new Writer(512);
        fields.Write(ref writer);
        int signed = writer.Length;
        byte[] signature = crypto.SignWithLabel(signatureKey, SignatureLabel, Context(writer.Written, fields.Source, groupId, leafIndex));
        writer.WriteVector(signature);
        byte[] encoded = writer.ToArray();
        return new LeafNode(fields, encoded.AsMemory(0, signed), signature, encoded);
    }

    internal bool VerifySignature(MlsCrypto crypto, ReadOnlySpan<byte> groupId, uint leafIndex) =>
        crypto.VerifyWithLabel(SignatureKey.Span, SignatureLabel, Context(SignedPart.Span, Source, groupId, leafIndex), Signature.Span);

    internal static bool TryRead(ref Reader reader, [NotNullWhen(true)] out LeafNode? leaf)
    {
        leaf = null;
        int start = reader.Position;
        if (!TryReadFields(ref reader, out LeafNodeFields? fields))
        {
            return false;
        }
        ReadOnlyMemory<byte> signedPart = reader.Since(start);
        if (!reader.TryReadVector(out ReadOnlyMemory<byte> signature))
        {
            return false;
        }
        leaf = new LeafNode(fields, signedPart, signature, reader.Since(start));
        return true;
    }

    internal static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out LeafNode? leaf)
    {
        var reader = new Reader(bytes);
        return TryRead(ref reader, out leaf) && reader.IsAtEnd;
    }

    /// <summary>
    /// A leaf for the tree: this one, or a copy where its bytes are a small part of a large message, all of which the tree would
    /// otherwise hold on to for as long as the leaf is in it.
    /// </summary>
    internal LeafNode Detached()
    {
        bool small = MemoryMarshal.TryGetArray(Encoded, out ArraySegment<byte> segment) && segment.Array!.Length > 4L * Encoded.Length;
        return small && TryParse(Encoded.ToArray(), out LeafNode? copy) ? copy : this;
    }

    internal void Write(ref Writer writer) => writer.WriteBytes(Encoded.Span);

    private static bool TryReadFields(ref Reader reader, [NotNullWhen(true)] out LeafNodeFields? fields)
    {
        fields = null;
        Lifetime lifetime = default;
        ReadOnlyMemory<byte> parentHash = default;
        if (!reader.TryReadVector(out ReadOnlyMemory<byte> encryptionKey)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> signatureKey)
            || !Credential.TryRead(ref reader, out Credential? credential)
            || !Capabilities.TryRead(ref reader, out Capabilities? capabilities)
            || !reader.TryReadByte(out byte source))
        {
            return false;
        }
        bool read = (LeafNodeSource)source switch
        {
            LeafNodeSource.KeyPackage => Lifetime.TryRead(ref reader, out lifetime),
            LeafNodeSource.Update => true,
            LeafNodeSource.Commit => reader.TryReadVector(out parentHash),
            _ => false, // RFC 9420 §7.2: the enum has no other value.
        };
        if (!read || !ExtensionList.TryRead(ref reader, out IReadOnlyList<Extension> extensions))
        {
            return false;
        }
        fields = new LeafNodeFields
        {
            EncryptionKey = encryptionKey,
            SignatureKey = signatureKey,
            Credential = credential,
            Capabilities = capabilities,
            Source = (LeafNodeSource)source,
            Lifetime = lifetime,
            ParentHash = parentHash,
            Extensions = extensions,
        };
        return true;
    }

    /// <summary>LeafNodeTBS.</summary>
    private static ReadOnlySpan<byte> Context(ReadOnlySpan<byte> signedPart, LeafNodeSource source, ReadOnlySpan<byte> groupId, uint leafIndex)
    {
        var writer = new Writer(signedPart.Length + groupId.Length + 8);
        writer.WriteBytes(signedPart);
        if (source != LeafNodeSource.KeyPackage)
        {
            writer.WriteVector(groupId);
            writer.WriteUInt32(leafIndex);
        }
        return writer.Written;
    }
}
