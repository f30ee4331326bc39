using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Groups;

/// <summary>A member of a group.</summary>
/// <param name="LeafIndex">Its leaf: its name within the group, as long as it is a member.</param>
/// <param name="LeafNode">What it says of itself.</param>
public readonly record struct Member(uint LeafIndex, LeafNode LeafNode)
{
    /// <summary>Who it is.</summary>
    public Credential Credential => LeafNode.Credential;
}
