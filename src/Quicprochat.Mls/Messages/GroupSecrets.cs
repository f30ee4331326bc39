using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// What a Welcome tells one new member (RFC 9420 §12.4.3.1):
/// <code>
/// struct { opaque path_secret&lt;V&gt;; } PathSecret;
/// struct {
///   opaque joiner_secret&lt;V&gt;;
///   optional&lt;PathSecret&gt; path_secret;
///   PreSharedKeyID psks&lt;V&gt;;
/// } GroupSecrets;
/// </code>
/// Its fields are slices of the decrypted bytes, which the owner zeroes.
/// </summary>
internal sealed class GroupSecrets(ReadOnlyMemory<byte> joinerSecret, ReadOnlyMemory<byte>? pathSecret, IReadOnlyList<PreSharedKeyId> psks)
{
    public ReadOnlyMemory<byte> JoinerSecret { get; } = joinerSecret;

    public ReadOnlyMemory<byte>? PathSecret { get; } = pathSecret;

    public IReadOnlyList<PreSharedKeyId> Psks { get; } = psks;

    public static bool TryParse(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out GroupSecrets? secrets)
    {
        var reader = new Reader(bytes);
        secrets = null;
        ReadOnlyMemory<byte> pathSecret = default;
        if (!reader.TryReadVector(out ReadOnlyMemory<byte> joinerSecret)
            || !reader.TryReadPresence(out bool present)
            || (present && !reader.TryReadVector(out pathSecret))
            || !reader.TryReadList(PreSharedKeyId.TryRead, out PreSharedKeyId[]? psks)
            || !reader.IsAtEnd)
        {
            return false;
        }
        secrets = new GroupSecrets(joinerSecret, present ? (ReadOnlyMemory<byte>?)pathSecret : null, psks);
        return true;
    }

    public void Write(ref Writer writer)
    {
        writer.WriteVector(JoinerSecret);
        writer.WritePresence(PathSecret is not null);
        if (PathSecret is { } pathSecret)
        {
            writer.WriteVector(pathSecret);
        }
        int start = writer.BeginVector();
        for (int i = 0; i < Psks.Count; i++)
        {
            Psks[i].Write(ref writer);
        }
        writer.EndVector(start);
    }
}
