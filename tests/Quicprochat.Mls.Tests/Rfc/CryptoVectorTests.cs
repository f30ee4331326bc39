using System.Text;
using System.Text.Json;
using Quicprochat.Crypto;
using Quicprochat.Crypto.Hpke;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tests.Rfc;

public class CryptoVectorTests
{
    [Fact]
    public void Labelled_functions()
    {
        foreach (JsonElement test in Vectors.Read("crypto-basics.json"))
        {
            MlsCrypto crypto = test.Crypto();
            JsonElement item = test.GetProperty("ref_hash");
            Assert.Equal(item.Hex("out"), crypto.RefHash(item.Text("label"), item.Hex("value")));

            item = test.GetProperty("expand_with_label");
            byte[] output = new byte[item.UInt("length")];
            crypto.ExpandWithLabel(item.Hex("secret"), item.Text("label"), item.Hex("context"), output);
            Assert.Equal(item.Hex("out"), output);

            item = test.GetProperty("derive_secret");
            Assert.Equal(item.Hex("out"), crypto.DeriveSecret(item.Hex("secret"), item.Text("label")).Span);

            item = test.GetProperty("derive_tree_secret");
            output = new byte[item.UInt("length")];
            crypto.DeriveTreeSecret(item.Hex("secret"), item.Text("label"), item.UInt("generation"), output);
            Assert.Equal(item.Hex("out"), output);

            item = test.GetProperty("sign_with_label");
            Assert.True(crypto.VerifyWithLabel(item.Hex("pub"), item.Text("label"), item.Hex("content"), item.Hex("signature")));
            byte[] signature = crypto.SignWithLabel(item.Hex("priv"), item.Text("label"), item.Hex("content"));
            Assert.True(crypto.VerifyWithLabel(item.Hex("pub"), item.Text("label"), item.Hex("content"), signature));
            Assert.False(crypto.VerifyWithLabel(item.Hex("pub"), "x" + item.Text("label"), item.Hex("content"), signature));

            item = test.GetProperty("encrypt_with_label");
            HpkeInfo context = crypto.EncryptContext(item.Text("label"), item.Hex("context"));
            var ciphertext = new HpkeCiphertext(item.Hex("kem_output"), item.Hex("ciphertext"));
            Assert.Equal(item.Hex("plaintext"), crypto.TryDecrypt(item.Hex("priv"), context, ciphertext));
            Assert.True(crypto.TryEncrypt(item.Hex("pub"), context, item.Hex("plaintext"), SystemRandomSource.Instance, out ciphertext));
            Assert.Equal(item.Hex("plaintext"), crypto.TryDecrypt(item.Hex("priv"), context, ciphertext));
        }
    }

    [Fact]
    public void The_key_schedule_over_five_epochs()
    {
        foreach (JsonElement test in Vectors.Read("key-schedule.json"))
        {
            MlsCrypto crypto = test.Crypto();
            var init = Secret.Copy(test.Hex("initial_init_secret"));
            byte[] groupId = test.Hex("group_id");
            ulong epoch = 0;
            foreach (JsonElement step in test.Items("epochs"))
            {
                GroupContext context = GroupContext.Initial((ushort)test.UInt("cipher_suite"), groupId, step.Hex("tree_hash"), []);
                for (ulong i = 0; i < epoch; i++)
                {
                    context = context.Next(context.TreeHash, default, []);
                }
                context = context.WithConfirmedTranscriptHash(step.Hex("confirmed_transcript_hash"));
                Assert.Equal(step.Hex("group_context"), context.Encoded.Span);

                using Secret joiner = EpochSecrets.DeriveJoiner(crypto, init, Secret.Copy(step.Hex("commit_secret")), context);
                Assert.Equal(step.Hex("joiner_secret"), joiner.Span);
                using Secret member = EpochSecrets.DeriveMember(crypto, joiner, Secret.Copy(step.Hex("psk_secret")));
                Assert.Equal(step.Hex("welcome_secret"), EpochSecrets.DeriveWelcome(crypto, member).Span);
                EpochSecrets secrets = EpochSecrets.Derive(crypto, EpochSecrets.DeriveEpoch(crypto, member, context), out Secret encryption);
                Assert.Equal(step.Hex("encryption_secret"), encryption.Span);
                Assert.Equal(step.Hex("sender_data_secret"), secrets.SenderData.Span);
                Assert.Equal(step.Hex("exporter_secret"), secrets.Exporter.Span);
                Assert.Equal(step.Hex("external_secret"), secrets.External.Span);
                Assert.Equal(step.Hex("confirmation_key"), secrets.ConfirmationKey.Span);
                Assert.Equal(step.Hex("membership_key"), secrets.MembershipKey.Span);
                Assert.Equal(step.Hex("resumption_psk"), secrets.ResumptionPsk.Span);
                Assert.Equal(step.Hex("epoch_authenticator"), secrets.EpochAuthenticator.Span);
                Assert.Equal(step.Hex("init_secret"), secrets.Init.Span);
                Assert.Equal(step.Hex("external_pub"), crypto.DeriveKeyPair(secrets.External).PublicKey);
                JsonElement exporter = step.GetProperty("exporter");
                Assert.Equal(
                    exporter.Hex("secret"),
                    EpochSecrets.Export(crypto, secrets.Exporter, exporter.Text("label"), exporter.Hex("context"), exporter.GetProperty("length").GetInt32()));
                init = secrets.Init;
                epoch++;
            }
        }
    }

    [Fact]
    public void Pre_shared_keys_are_chained_in_order()
    {
        foreach (JsonElement test in Vectors.Read("psk_secret.json"))
        {
            MlsCrypto crypto = test.Crypto();
            (PreSharedKeyId, Secret)[] psks =
                [.. test.Items("psks").Select(psk => (PreSharedKeyId.External(psk.Hex("psk_id"), psk.Hex("psk_nonce")), Secret.Copy(psk.Hex("psk"))))];
            Assert.Equal(test.Hex("psk_secret"), PskSecret.Derive(crypto, psks).Span);
        }
    }

    [Fact]
    public void Transcript_hashes_and_the_confirmation_tag()
    {
        foreach (JsonElement test in Vectors.Read("transcript-hashes.json"))
        {
            MlsCrypto crypto = test.Crypto();
            Assert.True(AuthenticatedContent.TryParse(test.Hex("authenticated_content"), out AuthenticatedContent? content));
            byte[] confirmed = TranscriptHash.Confirmed(
                crypto, test.Hex("interim_transcript_hash_before"), content.Format, content.Content, content.Auth.Signature.Span);
            Assert.Equal(test.Hex("confirmed_transcript_hash_after"), confirmed);
            Assert.True(crypto.VerifyMac(test.Hex("confirmation_key"), confirmed, content.Auth.ConfirmationTag.Span));
            Assert.Equal(test.Hex("interim_transcript_hash_after"), TranscriptHash.Interim(crypto, confirmed, content.Auth.ConfirmationTag.Span));
        }
    }

    [Fact]
    public void The_secret_tree_and_sender_data()
    {
        var limits = new RatchetLimits(100_000, 100_000);
        foreach (JsonElement test in Vectors.Read("secret-tree.json"))
        {
            MlsCrypto crypto = test.Crypto();
            JsonElement senderData = test.GetProperty("sender_data");
            byte[] key = new byte[crypto.KeySize];
            byte[] nonce = new byte[12];
            SenderData.DeriveKey(crypto, senderData.Hex("sender_data_secret"), senderData.Hex("ciphertext"), key, nonce);
            Assert.Equal(senderData.Hex("key"), key);
            Assert.Equal(senderData.Hex("nonce"), nonce);

            JsonElement[] leaves = [.. test.Items("leaves")];
            using SecretTree tree = SecretTree.Begin((uint)leaves.Length, Secret.Copy(test.Hex("encryption_secret")));
            for (uint leaf = 0; leaf < leaves.Length; leaf++)
            {
                foreach (JsonElement item in leaves[leaf].EnumerateArray())
                {
                    foreach ((RatchetKind kind, string name) in new[] { (RatchetKind.Handshake, "handshake"), (RatchetKind.Application, "application") })
                    {
                        Assert.Null(tree.TryPrepareReceive(crypto, leaf, kind, item.UInt("generation"), limits, out RatchetStep? step));
                        Assert.Equal(item.Hex(name + "_key"), step!.Key.Key);
                        Assert.Equal(item.Hex(name + "_nonce"), step.Key.Nonce);
                        tree.Apply(step);
                        Assert.Same(Rule.GenerationConsumed, tree.TryPrepareReceive(crypto, leaf, kind, item.UInt("generation"), limits, out _));
                    }
                }
            }
        }
    }

    [Fact]
    public void Messages_are_protected_and_unprotected()
    {
        foreach (JsonElement test in Vectors.Read("message-protection.json"))
        {
            MlsCrypto crypto = test.Crypto();
            GroupContext context = Context(test);
            foreach ((string name, ContentType type) in new[] { ("proposal", ContentType.Proposal), ("commit", ContentType.Commit), ("application", ContentType.Application) })
            {
                byte[] body = type == ContentType.Application ? Vector(test.Hex(name)) : test.Hex(name);
                if (type != ContentType.Application)
                {
                    Assert.True(MlsMessage.TryParse(test.Hex(name + "_pub"), out MlsMessage? message));
                    CheckPublic(crypto, test, context, message.PublicMessage!, body);
                    CheckPublic(crypto, test, context, Protect(crypto, test, context, type, body), body);
                }
                Assert.True(MlsMessage.TryParse(test.Hex(name + "_priv"), out MlsMessage? encrypted));
                CheckPrivate(crypto, test, context, encrypted.PrivateMessage!, body);
                CheckPrivate(crypto, test, context, Encrypt(crypto, test, context, type, body), body);
            }
        }
    }

    private static GroupContext Context(JsonElement test)
    {
        var writer = new Codec.Writer(256);
        writer.WriteUInt16(1);
        writer.WriteUInt16((ushort)test.UInt("cipher_suite"));
        writer.WriteVector(test.Hex("group_id"));
        writer.WriteUInt64(test.GetProperty("epoch").GetUInt64());
        writer.WriteVector(test.Hex("tree_hash"));
        writer.WriteVector(test.Hex("confirmed_transcript_hash"));
        writer.WriteLength(0);
        Assert.True(GroupContext.TryParse(writer.ToArray(), out GroupContext? context));
        return context;
    }

    private static AuthenticatedContent Sign(MlsCrypto crypto, JsonElement test, GroupContext context, WireFormat format, ContentType type, byte[] body)
    {
        var header = new FramedContentHeader(context.GroupId, context.Epoch, Sender.Member(1), Encoding.ASCII.GetBytes("aad"), type);
        Assert.True(FramedContent.TryCompose(header, body, out FramedContent? content));
        byte[] stripped = test.Hex("signature_priv");
        byte[] key = [.. new byte[crypto.Signature.PrivateKeySize - stripped.Length], .. stripped]; // The vectors leave out leading zeros.
        AuthenticatedContent signed = AuthenticatedContent.Sign(crypto, format, content, context, key);
        return type == ContentType.Commit ? signed.WithConfirmationTag(new byte[crypto.HashSize]) : signed;
    }

    private static PublicMessage Protect(MlsCrypto crypto, JsonElement test, GroupContext context, ContentType type, byte[] body) =>
        MessageProtection.Protect(crypto, Sign(crypto, test, context, WireFormat.PublicMessage, type, body), test.Hex("membership_key"), context);

    private static PrivateMessage Encrypt(MlsCrypto crypto, JsonElement test, GroupContext context, ContentType type, byte[] body)
    {
        using SecretTree tree = SecretTree.Begin(2, Secret.Copy(test.Hex("encryption_secret")));
        Assert.Null(tree.TryPrepareSend(crypto, 1, Kind(type), out RatchetStep? step));
        return MessageProtection.Encrypt(
            crypto, Sign(crypto, test, context, WireFormat.PrivateMessage, type, body), step!.Key, (Secret.Copy(test.Hex("sender_data_secret")), SystemRandomSource.Instance), 17);
    }

    private static void CheckPublic(MlsCrypto crypto, JsonElement test, GroupContext context, PublicMessage message, byte[] body)
    {
        var content = new AuthenticatedContent(WireFormat.PublicMessage, message.Content, message.Auth);
        Assert.True(content.VerifyMembershipTag(crypto, test.Hex("membership_key"), context, message.MembershipTag.Span));
        Assert.True(content.VerifySignature(crypto, context, test.Hex("signature_pub")));
        Assert.Equal(body, message.Content.EncodedBody.Span);
    }

    private static void CheckPrivate(MlsCrypto crypto, JsonElement test, GroupContext context, PrivateMessage message, byte[] body)
    {
        Assert.Null(MessageProtection.TryReadSenderData(crypto, message, test.Hex("sender_data_secret"), out SenderData senderData));
        Assert.Equal(1u, senderData.LeafIndex);
        using SecretTree tree = SecretTree.Begin(2, Secret.Copy(test.Hex("encryption_secret")));
        Assert.Null(tree.TryPrepareReceive(crypto, 1, Kind(message.ContentType), senderData.Generation, new RatchetLimits(100, 100), out RatchetStep? step));
        Assert.Null(MessageProtection.TryDecrypt(crypto, message, senderData, step!.Key, out AuthenticatedContent? content));
        Assert.True(content!.VerifySignature(crypto, context, test.Hex("signature_pub")));
        Assert.Equal(body, content.Content.EncodedBody.Span);
    }

    private static RatchetKind Kind(ContentType type) => type == ContentType.Application ? RatchetKind.Application : RatchetKind.Handshake;

    private static byte[] Vector(byte[] data)
    {
        var writer = new Codec.Writer(data.Length + 4);
        writer.WriteVector(data);
        return writer.ToArray();
    }
}
