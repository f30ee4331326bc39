using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Credentials;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// Someone outside the group who may send it proposals (RFC 9420 §12.1.8.1):
/// <code>
/// struct { SignaturePublicKey signature_key; Credential credential; } ExternalSender;
/// ExternalSender external_senders&lt;V&gt;;
/// </code>
/// </summary>
/// <param name="SignatureKey">The key that verifies its proposals.</param>
/// <param name="Credential">Who it is.</param>
public sealed record ExternalSender(ReadOnlyMemory<byte> SignatureKey, Credential Credential)
{
    /// <summary>The extension to put in a group's context; the place in the list is the sender's index.</summary>
    public static Extension ToExtension(params ReadOnlySpan<ExternalSender> senders)
    {
        var writer = new Writer(256);
        int start = writer.BeginVector();
        foreach (ExternalSender sender in senders)
        {
            writer.WriteVector(sender.SignatureKey);
            sender.Credential.Write(ref writer);
        }
        writer.EndVector(start);
        return new Extension(ExtensionType.ExternalSenders, writer.ToArray());
    }

    internal static bool TryParse(ReadOnlyMemory<byte> data, out IReadOnlyList<ExternalSender> senders)
    {
        var reader = new Reader(data);
        bool read = reader.TryReadList(TryRead, out ExternalSender[]? items) && reader.IsAtEnd;
        senders = items ?? [];
        return read;
    }

    private static bool TryRead(ref Reader reader, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ExternalSender? sender)
    {
        sender = null;
        if (!reader.TryReadVector(out ReadOnlyMemory<byte> key) || !Credential.TryRead(ref reader, out Credential? credential))
        {
            return false;
        }
        sender = new ExternalSender(key, credential);
        return true;
    }
}
