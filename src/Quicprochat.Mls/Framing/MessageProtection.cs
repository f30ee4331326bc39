using System.Security.Cryptography;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Aead;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Framing;

/// <summary>Turns authenticated content into messages and back (RFC 9420 §6.2, §6.3). It verifies no signature: that needs the tree.</summary>
internal static class MessageProtection
{
    /// <summary>A PublicMessage by a member, with its membership tag, or by someone who is none.</summary>
    public static PublicMessage Protect(MlsCrypto crypto, AuthenticatedContent content, ReadOnlySpan<byte> membershipKey, GroupContext context)
    {
        byte[] tag = content.Content.Sender.Type == SenderType.Member ? content.ComputeMembershipTag(crypto, membershipKey, context) : [];
        return new PublicMessage(content.Content, content.Auth, tag);
    }

    /// <summary>A PrivateMessage (RFC 9420 §6.3), padded with <paramref name="padding"/> zero bytes.</summary>
    public static PrivateMessage Encrypt(
        MlsCrypto crypto, AuthenticatedContent content, MessageKey key, (Secret Secret, IRandomSource Random) senderData, int padding)
    {
        FramedContent framed = content.Content;
        var plaintext = new Writer(framed.EncodedBody.Length + padding + 256);
        plaintext.WriteBytes(framed.EncodedBody.Span);
        content.Auth.Write(ref plaintext, framed.ContentType);
        plaintext.WriteBytes(new byte[padding]);

        Span<byte> guard = stackalloc byte[4];
        senderData.Random.Fill(guard);
        uint reuseGuard = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(guard);
        Span<byte> nonce = stackalloc byte[AeadKey.NonceSize];
        key.GuardedNonce(reuseGuard, nonce);
        byte[] ciphertext = new byte[plaintext.Length + AeadKey.TagSize];
        using (AeadKey aead = crypto.CreateAeadKey(key.Key))
        {
            aead.Seal(nonce, plaintext.Written, ContentAad(framed.GroupId, framed.Epoch, framed.ContentType, framed.AuthenticatedData), ciphertext);
        }
        plaintext.Clear();

        var clear = new Writer(stackalloc byte[SenderData.Size]);
        new SenderData(framed.Sender.Index, key.Generation, reuseGuard).Write(ref clear);
        byte[] encryptedSenderData = new byte[SenderData.Size + AeadKey.TagSize];
        Span<byte> senderKey = stackalloc byte[crypto.KeySize];
        SenderData.DeriveKey(crypto, senderData.Secret.Span, ciphertext, senderKey, nonce);
        using (AeadKey aead = crypto.CreateAeadKey(senderKey))
        {
            aead.Seal(nonce, clear.Written, SenderDataAad(framed.GroupId, framed.Epoch, framed.ContentType), encryptedSenderData);
        }
        CryptographicOperations.ZeroMemory(senderKey);
        return new PrivateMessage
        {
            GroupId = framed.GroupId,
            Epoch = framed.Epoch,
            ContentType = framed.ContentType,
            AuthenticatedData = framed.AuthenticatedData,
            EncryptedSenderData = encryptedSenderData,
            Ciphertext = ciphertext,
        };
    }

    /// <summary>Finds out who sent a PrivateMessage and with which key (RFC 9420 §6.3.2).</summary>
    public static MlsError? TryReadSenderData(MlsCrypto crypto, PrivateMessage message, ReadOnlySpan<byte> senderDataSecret, out SenderData senderData)
    {
        senderData = default;
        if (message.EncryptedSenderData.Length != SenderData.Size + AeadKey.TagSize)
        {
            return Rule.SenderData; // RFC 9420 §6.3.2
        }
        byte[] clear = new byte[SenderData.Size];
        Span<byte> key = stackalloc byte[crypto.KeySize];
        Span<byte> nonce = stackalloc byte[AeadKey.NonceSize];
        SenderData.DeriveKey(crypto, senderDataSecret, message.Ciphertext.Span, key, nonce);
        using AeadKey aead = crypto.CreateAeadKey(key);
        CryptographicOperations.ZeroMemory(key);
        return aead.TryOpen(nonce, message.EncryptedSenderData.Span, SenderDataAad(message.GroupId, message.Epoch, message.ContentType), clear)
            && SenderData.TryParse(clear, out senderData)
            ? null
            : Rule.SenderData; // RFC 9420 §6.3.2
    }

    /// <summary>Decrypts the content of a PrivateMessage (RFC 9420 §6.3.1) and checks its padding.</summary>
    public static MlsError? TryDecrypt(MlsCrypto crypto, PrivateMessage message, SenderData senderData, MessageKey key, out AuthenticatedContent? content)
    {
        content = null;
        if (message.Ciphertext.Length < AeadKey.TagSize)
        {
            return Rule.Ciphertext; // RFC 9420 §6.3.1
        }
        byte[] plaintext = new byte[message.Ciphertext.Length - AeadKey.TagSize];
        Span<byte> nonce = stackalloc byte[AeadKey.NonceSize];
        key.GuardedNonce(senderData.ReuseGuard, nonce);
        byte[] aad = ContentAad(message.GroupId, message.Epoch, message.ContentType, message.AuthenticatedData);
        using (AeadKey aead = crypto.CreateAeadKey(key.Key))
        {
            if (!aead.TryOpen(nonce, message.Ciphertext.Span, aad, plaintext))
            {
                return Rule.Ciphertext; // RFC 9420 §6.3.1
            }
        }
        return Decode(message, senderData, plaintext, out content);
    }

    private static MlsError? Decode(PrivateMessage message, SenderData senderData, byte[] plaintext, out AuthenticatedContent? content)
    {
        content = null;
        var reader = new Reader(plaintext);
        if (!FramedContent.TryReadBody(ref reader, message.ContentType, out _, out _, out _))
        {
            return Rule.Malformed; // RFC 9420 §6.3.1
        }
        ReadOnlyMemory<byte> body = reader.Since(0);
        if (!FramedContentAuthData.TryRead(ref reader, message.ContentType, out FramedContentAuthData auth))
        {
            return Rule.Malformed; // RFC 9420 §6.3.1
        }
        if (reader.Rest.Span.ContainsAnyExcept((byte)0))
        {
            return Rule.Padding; // RFC 9420 §6.3.1
        }
        var header = new FramedContentHeader(
            message.GroupId, message.Epoch, Sender.Member(senderData.LeafIndex), message.AuthenticatedData, message.ContentType);
        if (!FramedContent.TryCompose(header, body.Span, out FramedContent? framed))
        {
            return Rule.Malformed; // RFC 9420 §6.3.1
        }
        content = new AuthenticatedContent(WireFormat.PrivateMessage, framed, auth);
        return null;
    }

    /// <summary>PrivateContentAAD.</summary>
    private static byte[] ContentAad(ReadOnlyMemory<byte> groupId, ulong epoch, ContentType contentType, ReadOnlyMemory<byte> authenticatedData)
    {
        var writer = new Writer(groupId.Length + authenticatedData.Length + 24);
        writer.WriteVector(groupId);
        writer.WriteUInt64(epoch);
        writer.WriteByte((byte)contentType);
        writer.WriteVector(authenticatedData);
        return writer.ToArray();
    }

    /// <summary>SenderDataAAD.</summary>
    private static byte[] SenderDataAad(ReadOnlyMemory<byte> groupId, ulong epoch, ContentType contentType)
    {
        var writer = new Writer(groupId.Length + 16);
        writer.WriteVector(groupId);
        writer.WriteUInt64(epoch);
        writer.WriteByte((byte)contentType);
        return writer.ToArray();
    }
}
