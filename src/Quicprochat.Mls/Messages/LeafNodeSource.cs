namespace Quicprochat.Mls.Messages;

/// <summary>How a leaf node came to be in the tree (RFC 9420 §7.2).</summary>
public enum LeafNodeSource : byte
{
    /// <summary>Not a source.</summary>
    Reserved = 0,

    /// <summary>From a key package: it has a lifetime.</summary>
    KeyPackage = 1,

    /// <summary>From an Update proposal.</summary>
    Update = 2,

    /// <summary>From the path of a Commit: it has a parent hash.</summary>
    Commit = 3,
}
