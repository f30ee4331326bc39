using System.Text.Json;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Tests.Rfc;

public class CodecVectorTests
{
    private delegate bool Decode<T>(ref Reader reader, out T? value);

    private delegate void Encode<T>(T value, ref Writer writer);

    [Fact]
    public void Vector_lengths_have_the_shortest_encoding()
    {
        foreach (JsonElement test in Vectors.Read("deserialization.json"))
        {
            byte[] header = test.Hex("vlbytes_header");
            var reader = new Reader(header);
            Assert.True(reader.TryReadLength(out int length));
            Assert.True(reader.IsAtEnd);
            Assert.Equal(test.GetProperty("length").GetInt32(), length);

            var writer = new Writer(8);
            writer.WriteLength(length);
            Assert.Equal(header, writer.ToArray());
        }
    }

    [Fact]
    public void Every_kind_of_message_is_read_and_written_byte_for_byte()
    {
        foreach (JsonElement test in Vectors.Read("messages.json"))
        {
            foreach (string name in new[] { "mls_welcome", "mls_group_info", "mls_key_package", "public_message_application", "public_message_proposal", "public_message_commit", "private_message" })
            {
                RoundTrip<MlsMessage>(test.Hex(name), MlsMessage.TryRead, static (MlsMessage value, ref Writer writer) => value.Write(ref writer));
            }
            Assert.True(RatchetTree.TryParse(test.Hex("ratchet_tree"), out RatchetTree? tree));
            Assert.Equal(test.Hex("ratchet_tree"), tree.ToArray());
            Assert.True(GroupSecrets.TryParse(test.Hex("group_secrets"), out GroupSecrets? secrets));
            var writer = new Writer(64);
            secrets.Write(ref writer);
            Assert.Equal(test.Hex("group_secrets"), writer.ToArray());
            RoundTrip<Commit>(test.Hex("commit"), Commit.TryRead, static (Commit value, ref Writer writer) => value.Write(ref writer));
            foreach ((string name, ProposalType type) in new[]
            {
                ("add_proposal", ProposalType.Add), ("update_proposal", ProposalType.Update), ("remove_proposal", ProposalType.Remove),
                ("pre_shared_key_proposal", ProposalType.Psk), ("re_init_proposal", ProposalType.ReInit),
                ("external_init_proposal", ProposalType.ExternalInit), ("group_context_extensions_proposal", ProposalType.GroupContextExtensions),
            })
            {
                // The vector holds the body; the type goes before it.
                byte[] proposal = [0, (byte)type, .. test.Hex(name)];
                RoundTrip<Proposal>(proposal, Proposal.TryRead, static (Proposal value, ref Writer writer) => value.Write(ref writer));
                Assert.True(Proposal.TryParse(proposal, out Proposal? parsed));
                Assert.Equal(proposal, Again(parsed).Encoded.ToArray());
            }
        }
    }

    /// <summary>The same proposal, made from its fields.</summary>
    private static Proposal Again(Proposal proposal) => proposal switch
    {
        AddProposal add => Proposal.Add(add.KeyPackage),
        UpdateProposal update => Proposal.Update(update.LeafNode),
        RemoveProposal remove => Proposal.Remove(remove.Removed),
        PreSharedKeyProposal psk => Proposal.PreSharedKey(psk.Psk),
        ReInitProposal reInit => Proposal.ReInit(reInit.GroupId, reInit.Version, reInit.CipherSuite, reInit.Extensions),
        ExternalInitProposal init => Proposal.ExternalInit(init.KemOutput),
        GroupContextExtensionsProposal extensions => Proposal.GroupContextExtensions(extensions.Extensions),
        _ => throw new InvalidOperationException(),
    };

    private static void RoundTrip<T>(byte[] bytes, Decode<T> decode, Encode<T> encode)
    {
        var reader = new Reader(bytes);
        Assert.True(decode(ref reader, out T? value));
        Assert.True(reader.IsAtEnd);
        var writer = new Writer(16);
        encode(value!, ref writer);
        Assert.Equal(bytes, writer.ToArray());

        // Cut anywhere, it does not parse, and nothing is thrown.
        for (int length = 0; length < bytes.Length; length += 1 + (bytes.Length / 37))
        {
            var cut = new Reader(bytes.AsMemory(0, length));
            Assert.False(decode(ref cut, out _) && cut.Position > length);
        }
    }
}
