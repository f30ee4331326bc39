using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.KeySchedule;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// What a client publishes so that others can add it to groups (RFC 9420 §10):
/// <code>
/// struct {
///     ProtocolVersion version;
///     CipherSuite cipher_suite;
///     HPKEPublicKey init_key;
///     LeafNode leaf_node;
///     Extension extensions&lt;V&gt;;
///     opaque signature&lt;V&gt;;
/// } KeyPackage;
/// </code>
/// Reading one proves nothing: it is validated when it is proposed, and again by everyone who receives the proposal.
/// </summary>
public sealed class KeyPackage
{
    private const string SignatureLabel = "KeyPackageTBS";

    private KeyPackage(ReadOnlyMemory<byte> encoded, LeafNode leafNode)
    {
        Encoded = encoded;
        LeafNode = leafNode;
    }

    /// <summary>The version of MLS it is for.</summary>
    public ProtocolVersion Version { get; private init; }

    /// <summary>The code point of the cipher suite it is for.</summary>
    public ushort CipherSuite { get; private init; }

    /// <summary>The HPKE key that a Welcome is encrypted to.</summary>
    public ReadOnlyMemory<byte> InitKey { get; private init; }

    /// <summary>The leaf that will represent the client.</summary>
    public LeafNode LeafNode { get; }

    /// <summary>Its extensions, known or not.</summary>
    public IReadOnlyList<Extension> Extensions { get; private init; } = [];

    /// <summary>True when its owner allows it to be used more than once (draft-ietf-mls-extensions, last_resort_key_package).</summary>
    public bool IsLastResort => Extensions.TryFind(ExtensionType.LastResort, out _);

    /// <summary>The bytes it was read from.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>
    /// Set once both signatures have been found good, so that a key package is not verified a second time on its way from a
    /// proposal to a commit. The object never changes, so neither does the answer.
    /// </summary>
    internal bool SignaturesVerified { get; private set; }

    private ReadOnlyMemory<byte> SignedPart { get; init; }

    private ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Reads a key package as published: as a bare structure or as an MLSMessage. The bytes are copied.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out KeyPackage? keyPackage)
    {
        ReadOnlyMemory<byte> copy = bytes.ToArray();
        if (Framing.MlsMessage.TryParse(copy, out Framing.MlsMessage? message) && message.KeyPackage is not null)
        {
            keyPackage = message.KeyPackage;
            return true;
        }
        return TryParse(copy, out keyPackage);
    }

    /// <summary>The key package as an MLSMessage, the form to publish.</summary>
    public byte[] ToMessage()
    {
        var writer = new Writer(Encoded.Length + 4);
        Framing.MlsMessage.WriteHeader(ref writer, Framing.WireFormat.KeyPackage);
        writer.WriteBytes(Encoded.Span);
        return writer.ToArray();
    }

    internal static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out KeyPackage? keyPackage)
    {
        var reader = new Reader(bytes);
        return TryRead(ref reader, out keyPackage) && reader.IsAtEnd;
    }

    internal static KeyPackage Sign(MlsCrypto crypto, ReadOnlySpan<byte> initKey, LeafNode leafNode, IReadOnlyList<Extension> extensions, ReadOnlySpan<byte> signatureKey)
    {
        var writer = new Writer(1024);
        writer.WriteUInt16((ushort)ProtocolVersion.Mls10);
        writer.WriteUInt16(crypto.Suite.Id);
        writer.WriteVector(initKey);
        leafNode.Write(ref writer);
        extensions.Write(ref writer);
        writer.WriteVector(crypto.SignWithLabel(signatureKey, SignatureLabel, writer.Written));
        var reader = new Reader(writer.ToArray());
        return TryRead(ref reader, out KeyPackage? keyPackage) ? keyPackage : throw new InvalidOperationException("A key package was written wrongly.");
    }

    /// <summary>Verifies the signatures of the key package and of its leaf, once.</summary>
    internal bool VerifySignatures(MlsCrypto crypto)
    {
        SignaturesVerified = SignaturesVerified
            || (LeafNode.VerifySignature(crypto, default, 0)
                && crypto.VerifyWithLabel(LeafNode.SignatureKey.Span, SignatureLabel, SignedPart.Span, Signature.Span));
        return SignaturesVerified;
    }

    /// <summary>KeyPackageRef (RFC 9420 §5.2).</summary>
    internal byte[] ComputeReference(MlsCrypto crypto) => crypto.RefHash("MLS 1.0 KeyPackage Reference", Encoded.Span);

    internal static bool TryRead(ref Reader reader, [NotNullWhen(true)] out KeyPackage? keyPackage)
    {
        keyPackage = null;
        int start = reader.Position;
        if (!reader.TryReadUInt16(out ushort version)
            || !reader.TryReadUInt16(out ushort cipherSuite)
            || !reader.TryReadVector(out ReadOnlyMemory<byte> initKey)
            || !LeafNode.TryRead(ref reader, out LeafNode? leafNode)
            || !ExtensionList.TryRead(ref reader, out IReadOnlyList<Extension> extensions))
        {
            return false;
        }
        ReadOnlyMemory<byte> signedPart = reader.Since(start);
        if (!reader.TryReadVector(out ReadOnlyMemory<byte> signature))
        {
            return false;
        }
        keyPackage = new KeyPackage(reader.Since(start), leafNode)
        {
            Version = (ProtocolVersion)version,
            CipherSuite = cipherSuite,
            InitKey = initKey,
            Extensions = extensions,
            SignedPart = signedPart,
            Signature = signature,
        };
        return true;
    }

    internal void Write(ref Writer writer) => writer.WriteBytes(Encoded.Span);
}
