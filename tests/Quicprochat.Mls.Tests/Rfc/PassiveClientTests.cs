using System.Text.Json;
using Quicprochat.Crypto;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Mls.Tests.Rfc;

public class PassiveClientTests
{
    [Fact]
    public void A_welcome_is_decrypted_and_confirmed()
    {
        foreach (JsonElement test in Vectors.Read("welcome.json"))
        {
            MlsCrypto crypto = test.Crypto();
            Assert.True(MlsMessage.TryParse(test.Hex("welcome"), out MlsMessage? message));
            Assert.True(KeyPackage.TryParse((ReadOnlySpan<byte>)test.Hex("key_package"), out KeyPackage? keyPackage));
            EncryptedGroupSecrets entry = message.Welcome!.Secrets.Single(item => item.NewMember.Span.SequenceEqual(keyPackage.ComputeReference(crypto)));
            byte[]? plaintext = crypto.TryDecrypt(
                test.Hex("init_priv"), crypto.EncryptContext("Welcome", message.Welcome.EncryptedGroupInfo.Span), entry.Ciphertext);
            Assert.True(GroupSecrets.TryParse(plaintext, out GroupSecrets? secrets));
            using Secret psk = crypto.Zero();
            using Secret member = EpochSecrets.DeriveMember(crypto, Secret.Copy(secrets.JoinerSecret.Span), psk);
            byte[]? bytes = WelcomeMaker.TryOpen(crypto, EpochSecrets.DeriveWelcome(crypto, member).Span, message.Welcome.EncryptedGroupInfo.Span);
            Assert.True(GroupInfo.TryParse(bytes, out GroupInfo? info));
            Assert.True(info.VerifySignature(crypto, test.Hex("signer_pub")));
            using EpochDerivation derivation = EpochDerivation.FromJoiner(crypto, Secret.Copy(secrets.JoinerSecret.Span), psk, info.GroupContext);
            Assert.True(crypto.VerifyMac(
                derivation.Secrets.ConfirmationKey.Span, info.GroupContext.ConfirmedTranscriptHash.Span, info.ConfirmationTag.Span));
        }
    }

    [Theory]
    [InlineData("passive-client-welcome.json")]
    [InlineData("passive-client-handling-commit.json")]
    [InlineData("passive-client-random.json")]
    public void A_member_follows_a_group(string file)
    {
        int number = 0;
        foreach (JsonElement test in Vectors.Read(file))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"case {number++}, suite {test.UInt("cipher_suite")}");
            MlsClient client = Client(test);
            var options = new JoinOptions { RatchetTree = test.HexOrNull("ratchet_tree") is { } tree ? tree : null };
            Group group = Group.Join(client, test.Hex("welcome"), 0, options);
            Assert.Equal(test.Hex("initial_epoch_authenticator"), group.EpochAuthenticator);
            int step = 0;
            foreach (JsonElement epoch in test.Items("epochs"))
            {
                foreach (JsonElement proposal in epoch.Items("proposals"))
                {
                    Assert.IsType<ReceivedProposal>(group.Process(proposal.Hex(), 0));
                }
                Assert.IsType<ReceivedCommit>(group.Process(epoch.Hex("commit"), 0));
                Assert.Equal(epoch.Hex("epoch_authenticator"), group.EpochAuthenticator);
                if (step++ % 16 == 3)
                {
                    // It is the same group when it comes back from the store.
                    group = Group.TryLoad(client, group.GroupId.Span)!;
                    Assert.Equal(epoch.Hex("epoch_authenticator"), group.EpochAuthenticator);
                }
            }
        }
    }

    private static MlsClient Client(JsonElement test)
    {
        MlsCrypto crypto = test.Crypto();
        var psks = new ExternalPsks();
        foreach (JsonElement psk in test.Items("external_psks"))
        {
            psks.Keys.Add(Convert.ToHexString(psk.Hex("psk_id")), psk.Hex("psk"));
        }
        var client = new MlsClient
        {
            Authentication = new Trust(),
            Psks = psks,
            Lifetimes = new LifetimePolicy { MaxSeconds = ulong.MaxValue, SkewSeconds = ulong.MaxValue },
        };
        Assert.True(KeyPackage.TryParse((ReadOnlySpan<byte>)test.Hex("key_package"), out KeyPackage? keyPackage));
        var secrets = new KeyPackageSecrets(
            keyPackage,
            Key(test, "init_priv", crypto.Kem.PrivateKeySize),
            Key(test, "encryption_priv", crypto.Kem.PrivateKeySize),
            Key(test, "signature_priv", crypto.Signature.PrivateKeySize));
        var records = new RecordSet(default);
        secrets.Put(records, crypto);
        client.Store.Apply(new GroupChanges { GroupId = default, Records = records.Changes });
        return client;
    }

    /// <summary>The vectors leave out leading zeros.</summary>
    private static Secret Key(JsonElement test, string name, int size)
    {
        byte[] key = test.Hex(name);
        return Secret.Copy([.. new byte[size - key.Length], .. key]);
    }
}
