using System.Security.Cryptography;
using Quicprochat.Crypto.Aead;
using Quicprochat.Crypto.Hpke;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>Makes GroupInfo and Welcome (RFC 9420 §12.4.3).</summary>
internal static class WelcomeMaker
{
    public const string SecretsLabel = "Welcome";

    /// <summary>A GroupInfo of an epoch, signed by this member.</summary>
    public static GroupInfo MakeGroupInfo(MlsClient client, MlsCrypto crypto, EpochState state, GroupInfoOptions options)
    {
        var extensions = new List<Extension>(3);
        if (options.RatchetTree)
        {
            extensions.Add(new Extension(ExtensionType.RatchetTree, state.Tree.ToArray()));
        }
        if (options.ExternalPub)
        {
            (Crypto.Secret privateKey, byte[] publicKey) = crypto.DeriveKeyPair(state.Secrets.External);
            privateKey.Dispose();
            var writer = new Writer(publicKey.Length + 4);
            writer.WriteVector(publicKey);
            extensions.Add(new Extension(ExtensionType.ExternalPub, writer.ToArray()));
        }
        if (client.Grease)
        {
            extensions.Add(Grease.DrawExtension(client.Random));
        }
        return GroupInfo.Sign(crypto, state.Context, extensions, state.ConfirmationTag.Span, (state.OwnLeaf, state.Identity.PrivateKey));
    }

    /// <summary>One Welcome for everyone the commit adds; null when a key cannot be encrypted to.</summary>
    public static byte[]? TryMake(MlsClient client, MlsCrypto crypto, CommitDraft draft, bool withTree)
    {
        GroupInfo info = MakeGroupInfo(client, crypto, draft.Next, new GroupInfoOptions { RatchetTree = withTree, ExternalPub = false });
        byte[] encryptedInfo = Seal(crypto, draft.Derivation.Welcome.Span, info.Encoded.Span);

        // The context is the whole encrypted GroupInfo: it is put together and hashed once for all new members.
        HpkeInfo encryptContext = crypto.EncryptContext(SecretsLabel, encryptedInfo);
        EncryptedGroupSecrets[]? secrets = TryEncrypt(client, crypto, draft, encryptContext);
        return secrets is null ? null : MlsMessage.Encode(new Welcome(crypto.Suite.Id, secrets, encryptedInfo));
    }

    private static EncryptedGroupSecrets[]? TryEncrypt(MlsClient client, MlsCrypto crypto, CommitDraft draft, HpkeInfo encryptContext)
    {
        var secrets = new EncryptedGroupSecrets[draft.Applied.Added.Count];
        var byLevel = new Dictionary<int, byte[]>();
        try
        {
            for (int i = 0; i < secrets.Length; i++)
            {
                (uint leaf, KeyPackage keyPackage) = draft.Applied.Added[i];
                int level = draft.PathSecrets is null ? -1 : TreeMath.CommonLevel(leaf, draft.Next.OwnLeaf);
                if (!byLevel.TryGetValue(level, out byte[]? plaintext))
                {
                    plaintext = Secrets(draft, level);
                    byLevel.Add(level, plaintext);
                }
                if (!crypto.TryEncrypt(keyPackage.InitKey.Span, encryptContext, plaintext, client.Random, out HpkeCiphertext ciphertext))
                {
                    return null;
                }
                secrets[i] = new EncryptedGroupSecrets(keyPackage.ComputeReference(crypto), ciphertext);
            }
            return secrets;
        }
        finally
        {
            foreach (byte[] plaintext in byLevel.Values)
            {
                CryptographicOperations.ZeroMemory(plaintext);
            }
        }
    }

    /// <summary>The GroupInfo under the welcome key and nonce (RFC 9420 §12.4.3.1).</summary>
    public static byte[] Seal(MlsCrypto crypto, ReadOnlySpan<byte> welcomeSecret, ReadOnlySpan<byte> info)
    {
        byte[] encrypted = new byte[info.Length + AeadKey.TagSize];
        Span<byte> nonce = stackalloc byte[AeadKey.NonceSize];
        using AeadKey key = WelcomeKey(crypto, welcomeSecret, nonce);
        key.Seal(nonce, info, default, encrypted);
        return encrypted;
    }

    /// <summary>Null when it does not decrypt.</summary>
    public static byte[]? TryOpen(MlsCrypto crypto, ReadOnlySpan<byte> welcomeSecret, ReadOnlySpan<byte> encrypted)
    {
        if (encrypted.Length < AeadKey.TagSize)
        {
            return null;
        }
        byte[] info = new byte[encrypted.Length - AeadKey.TagSize];
        Span<byte> nonce = stackalloc byte[AeadKey.NonceSize];
        using AeadKey key = WelcomeKey(crypto, welcomeSecret, nonce);
        return key.TryOpen(nonce, encrypted, default, info) ? info : null;
    }

    private static AeadKey WelcomeKey(MlsCrypto crypto, ReadOnlySpan<byte> welcomeSecret, Span<byte> nonce)
    {
        Span<byte> key = stackalloc byte[crypto.KeySize];
        crypto.ExpandWithLabel(welcomeSecret, "nonce", default, nonce);
        crypto.ExpandWithLabel(welcomeSecret, "key", default, key);
        AeadKey aead = crypto.CreateAeadKey(key);
        CryptographicOperations.ZeroMemory(key);
        return aead;
    }

    /// <summary>GroupSecrets for members whose lowest node in common with the committer is at <paramref name="level"/>.</summary>
    private static byte[] Secrets(CommitDraft draft, int level)
    {
        byte[]? pathSecret = null;
        for (int i = 0; i < draft.Path.Count && level >= 0; i++)
        {
            if (draft.Path[i].Level == level)
            {
                pathSecret = draft.PathSecrets!.Secrets[i].Span.ToArray();
            }
        }
        var writer = new Writer(256);
        byte[] joiner = draft.Derivation.Joiner.Span.ToArray();
        new GroupSecrets(joiner, pathSecret is null ? null : (ReadOnlyMemory<byte>?)pathSecret, draft.Applied.Psks).Write(ref writer);
        byte[] plaintext = writer.ToArray();
        writer.Clear();
        CryptographicOperations.ZeroMemory(joiner);
        CryptographicOperations.ZeroMemory(pathSecret);
        return plaintext;
    }
}
