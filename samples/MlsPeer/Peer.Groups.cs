using System.Globalization;
using System.Text;
using Quicprochat.Mls.Groups;

namespace MlsPeer;

internal sealed partial class Peer
{
    private Group? _group;

    private string[] CreateKeyPackage(Words words)
    {
        words.End();
        return Say("keypackage", _client.CreateKeyPackage(Identity(), NowSeconds).ToMessage());
    }

    private string[] CreateGroup(Words words)
    {
        byte[] groupId = words.Hex("group id");
        words.End();
        Enter(Group.Create(_client, Identity(), NowSeconds, new GroupOptions { GroupId = groupId }));
        return Silent;
    }

    private string[] Join(Words words)
    {
        byte[] welcome = words.Hex("welcome");
        words.End();
        Enter(Group.Join(_client, welcome, NowSeconds));
        return Silent;
    }

    private string[] GroupInfo(Words words)
    {
        words.End();
        return Say("groupinfo", CurrentGroup().CreateGroupInfo());
    }

    private string[] Authenticator(Words words)
    {
        words.End();
        return Say("authenticator", CurrentGroup().EpochAuthenticator);
    }

    /// <summary>export LABEL CONTEXTHEX LENGTH; two spaces for an empty context.</summary>
    private string[] Export(Words words)
    {
        string label = words.Word("label");
        byte[] context = words.Hex("context");
        int length = words.Number("length");
        words.End();
        return Say("secret", CurrentGroup().Export(label, context, length));
    }

    /// <summary>members → members 0:alice 2:bob. A name's spaces, percent signs and control characters are percent-encoded.</summary>
    private string[] Members(Words words)
    {
        words.End();
        var line = new StringBuilder("members");
        foreach (Member member in CurrentGroup().Members)
        {
            line.Append(CultureInfo.InvariantCulture, $" {member.LeafIndex}:{Escape(member.LeafNode.Credential.Identity.Span)}");
        }
        return [line.ToString()];
    }

    private static string Escape(ReadOnlySpan<byte> identity)
    {
        var name = new StringBuilder(identity.Length);
        foreach (char letter in Encoding.UTF8.GetString(identity))
        {
            bool isPlain = letter != '%' && !char.IsControl(letter) && !char.IsWhiteSpace(letter);
            name.Append(isPlain ? letter.ToString() : Uri.EscapeDataString(letter.ToString()));
        }
        return name.ToString();
    }

    /// <summary>A peer is in one group; entering another leaves the first behind.</summary>
    private void Enter(Group group)
    {
        _group = group;
        _pendingJoin = null;
    }

    private Group CurrentGroup() => _group ?? throw new RefusedException("NoGroup", "There is no group yet.");
}
