namespace Quicprochat.Mls.Credentials;

/// <summary>Where a credential turned up that must be validated (RFC 9420 §5.3.1).</summary>
public enum CredentialPlace
{
    /// <summary>In a key package this client is about to add.</summary>
    KeyPackageToAdd,

    /// <summary>In the tree of a group this client is about to join.</summary>
    GroupToJoin,

    /// <summary>In an Add proposal of someone else.</summary>
    AddProposal,

    /// <summary>In an Update proposal; the leaf it replaces is given.</summary>
    UpdateProposal,

    /// <summary>In the path of a commit; the leaf it replaces is given, unless the committer joins by it.</summary>
    CommitPath,

    /// <summary>In the external_senders extension of a group.</summary>
    ExternalSender,
}
