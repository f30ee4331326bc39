using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Credentials;

namespace Quicprochat.Mls.Messages;

/// <summary>What a leaf node says before it is signed.</summary>
internal sealed record LeafNodeFields
{
    public required ReadOnlyMemory<byte> EncryptionKey { get; init; }

    public required ReadOnlyMemory<byte> SignatureKey { get; init; }

    public required Credential Credential { get; init; }

    public required Capabilities Capabilities { get; init; }

    public required LeafNodeSource Source { get; init; }

    public Lifetime Lifetime { get; init; }

    public ReadOnlyMemory<byte> ParentHash { get; init; }

    public IReadOnlyList<Extension> Extensions { get; init; } = [];

    public void Write(ref Writer writer)
    {
        writer.WriteVector(EncryptionKey);
        writer.WriteVector(SignatureKey);
        Credential.Write(ref writer);
        Capabilities.Write(ref writer);
        writer.WriteByte((byte)Source);
        switch (Source)
        {
            case LeafNodeSource.KeyPackage:
                Lifetime.Write(ref writer);
                break;
            case LeafNodeSource.Commit:
                writer.WriteVector(ParentHash);
                break;
        }
        Extensions.Write(ref writer);
    }
}
