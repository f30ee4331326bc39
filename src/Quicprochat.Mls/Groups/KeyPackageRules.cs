using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Groups;

/// <summary>When a key package may be added to a group (RFC 9420 §10.1).</summary>
internal static class KeyPackageRules
{
    public static MlsError? Check(GroupView view, KeyPackage keyPackage)
    {
        if (keyPackage.Version != ProtocolVersion.Mls10)
        {
            return Rule.KeyPackageVersion; // RFC 9420 §10.1
        }
        if (keyPackage.CipherSuite != view.Crypto.Suite.Id)
        {
            return Rule.KeyPackageCipherSuite; // RFC 9420 §10.1
        }
        if (keyPackage.Extensions.HasDuplicates())
        {
            return Rule.DuplicateExtension; // RFC 9420 §13.4
        }
        if (keyPackage.InitKey.Span.SequenceEqual(keyPackage.LeafNode.EncryptionKey.Span))
        {
            return Rule.KeyPackageInitKey; // RFC 9420 §10.1
        }
        if (!view.Crypto.Kem.IsValidPublicKey(keyPackage.InitKey.Span))
        {
            return Rule.PublicKeyInvalid; // RFC 9420 §10
        }
        return LeafRules.Check(view, keyPackage.LeafNode, 0, LeafNodeSource.KeyPackage)
            ?? (keyPackage.VerifySignatures(view.Crypto) ? null : Rule.KeyPackageSignature); // RFC 9420 §10.1
    }
}
