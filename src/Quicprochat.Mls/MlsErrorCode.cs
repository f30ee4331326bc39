namespace Quicprochat.Mls;

/// <summary>The rule that was broken; one member for each rule.</summary>
public enum MlsErrorCode
{
    /// <summary>No rule: the value of an error that was never set.</summary>
    None = 0,

    /// <summary>The bytes are not the structure they should be (RFC 9420 §2.1).</summary>
    Malformed,

    /// <summary>The message is of another kind than this call takes (RFC 9420 §6).</summary>
    UnexpectedMessage,

    /// <summary>The cipher suite is not one this client offers (RFC 9420 §5.1).</summary>
    CipherSuiteUnknown,

    /// <summary>The protocol version is not one this client speaks (RFC 9420 §6).</summary>
    VersionUnknown,

    /// <summary>The message is for another group (RFC 9420 §6).</summary>
    WrongGroup,

    /// <summary>The message is of an epoch whose secrets are gone (RFC 9420 §15.3).</summary>
    PastEpoch,

    /// <summary>The message is of an epoch this member has not reached yet (RFC 9420 §14).</summary>
    FutureEpoch,

    /// <summary>The message was processed before (RFC 9420 §9.2).</summary>
    Duplicate,

    /// <summary>The message is this member's own (RFC 9420 §9.2).</summary>
    OwnMessage,

    /// <summary>Another commit ended the epoch this one was made in (RFC 9420 §14).</summary>
    Fork,

    /// <summary>The sender's leaf is blank or outside the tree (RFC 9420 §6.3.2).</summary>
    SenderBlank,

    /// <summary>A sender of this type may not send this content (RFC 9420 §6.1).</summary>
    SenderNotAllowed,

    /// <summary>The external sender is not in the group's external_senders extension (RFC 9420 §12.1.8.1).</summary>
    ExternalSenderUnknown,

    /// <summary>A proposal of this type may not come from outside the group (RFC 9420 §12.1.8).</summary>
    ExternalProposalType,

    /// <summary>Application data came unencrypted (RFC 9420 §6).</summary>
    ApplicationNotEncrypted,

    /// <summary>The signature of the message does not verify (RFC 9420 §6.1).</summary>
    MessageSignature,

    /// <summary>The membership tag does not verify (RFC 9420 §6.2).</summary>
    MembershipTag,

    /// <summary>The confirmation tag does not verify (RFC 9420 §6.1).</summary>
    ConfirmationTag,

    /// <summary>The sender data does not decrypt (RFC 9420 §6.3.2).</summary>
    SenderData,

    /// <summary>The content does not decrypt (RFC 9420 §6.3.1).</summary>
    Ciphertext,

    /// <summary>The padding is not all zero (RFC 9420 §6.3.1).</summary>
    Padding,

    /// <summary>The generation is further ahead than this member is willing to derive (RFC 9420 §15.3).</summary>
    GenerationTooFar,

    /// <summary>The key of this generation has been used or given up (RFC 9420 §9.2).</summary>
    GenerationConsumed,

    /// <summary>The ratchet has no generation left in this epoch (RFC 9420 §9.1).</summary>
    GenerationExhausted,

    /// <summary>A public key is not one of the cipher suite (RFC 9420 §10).</summary>
    PublicKeyInvalid,

    /// <summary>The signature of the leaf node does not verify (RFC 9420 §7.3).</summary>
    LeafSignature,

    /// <summary>The leaf node's source does not fit the place it appears in (RFC 9420 §7.3).</summary>
    LeafSource,

    /// <summary>The leaf node does not support the group's protocol version (RFC 9420 §11.1).</summary>
    LeafVersion,

    /// <summary>The leaf node does not support the group's cipher suite (RFC 9420 §11.1).</summary>
    LeafCipherSuite,

    /// <summary>The present time is outside the leaf node's lifetime (RFC 9420 §7.3).</summary>
    LeafLifetime,

    /// <summary>The leaf node's lifetime is longer than this client accepts (RFC 9420 §7.2).</summary>
    LeafLifetimeTooLong,

    /// <summary>The leaf node has an extension its capabilities do not list (RFC 9420 §7.3).</summary>
    LeafExtensionNotListed,

    /// <summary>The leaf node has a credential type its capabilities do not list (RFC 9420 §7.2).</summary>
    LeafCredentialNotListed,

    /// <summary>The leaf node does not support what the group requires (RFC 9420 §7.3).</summary>
    LeafRequiredCapabilities,

    /// <summary>The leaf node does not support an extension of the group (RFC 9420 §13.4).</summary>
    LeafGroupExtension,

    /// <summary>Some member does not support the credential type of another (RFC 9420 §7.3).</summary>
    LeafCredentialUnsupported,

    /// <summary>The new leaf node keeps the old encryption key (RFC 9420 §7.3).</summary>
    EncryptionKeyUnchanged,

    /// <summary>The encryption key is already in the tree (RFC 9420 §7.3).</summary>
    EncryptionKeyReused,

    /// <summary>The signature key is already in the tree (RFC 9420 §7.3).</summary>
    SignatureKeyReused,

    /// <summary>A list holds two extensions of one type (RFC 9420 §13.4).</summary>
    DuplicateExtension,

    /// <summary>The application does not accept the credential (RFC 9420 §5.3.1).</summary>
    CredentialRejected,

    /// <summary>The certificate is for another key than the signature key (RFC 9420 §5.3).</summary>
    CredentialKey,

    /// <summary>The key package is for another protocol version (RFC 9420 §10.1).</summary>
    KeyPackageVersion,

    /// <summary>The key package is for another cipher suite (RFC 9420 §10.1).</summary>
    KeyPackageCipherSuite,

    /// <summary>The signature of the key package does not verify (RFC 9420 §10.1).</summary>
    KeyPackageSignature,

    /// <summary>The init key equals the encryption key (RFC 9420 §10.1).</summary>
    KeyPackageInitKey,

    /// <summary>The ratchet tree is neither in the message nor given (RFC 9420 §12.4.3.1).</summary>
    TreeMissing,

    /// <summary>The ratchet tree is not laid out as it must be (RFC 9420 §12.4.3.3).</summary>
    TreeMalformed,

    /// <summary>The ratchet tree does not have the hash that was signed (RFC 9420 §12.4.3.1).</summary>
    TreeHash,

    /// <summary>A parent node is not parent-hash valid (RFC 9420 §7.9.2).</summary>
    TreeParentHash,

    /// <summary>An unmerged leaf is blank, misplaced or missing between it and the node (RFC 9420 §12.4.3.1).</summary>
    TreeUnmergedLeaf,

    /// <summary>Two nodes of the tree have the same key (RFC 9420 §16.7).</summary>
    TreeKeyReused,

    /// <summary>The commit refers to a proposal this member has not seen (RFC 9420 §12.4).</summary>
    ProposalUnknown,

    /// <summary>The proposal cannot come from this sender (RFC 9420 §12.1).</summary>
    ProposalSender,

    /// <summary>The commit covers an Update of the committer (RFC 9420 §12.2).</summary>
    UpdateByCommitter,

    /// <summary>The commit removes the committer (RFC 9420 §12.2).</summary>
    RemoveCommitter,

    /// <summary>The leaf to remove is blank or outside the tree (RFC 9420 §12.1.3).</summary>
    RemoveBlank,

    /// <summary>Two proposals change the same leaf (RFC 9420 §12.2).</summary>
    LeafChangedTwice,

    /// <summary>Two Add proposals are for the same client (RFC 9420 §12.2).</summary>
    AddTwice,

    /// <summary>The client to add is already a member (RFC 9420 §12.2).</summary>
    AddMember,

    /// <summary>Two proposals name the same pre-shared key (RFC 9420 §12.2).</summary>
    PskTwice,

    /// <summary>The nonce of the pre-shared key has the wrong length (RFC 9420 §12.1.4).</summary>
    PskNonce,

    /// <summary>The usage of the resumption key is not allowed here (RFC 9420 §12.1.4).</summary>
    PskUsage,

    /// <summary>This member does not have the pre-shared key (RFC 9420 §12.4.2).</summary>
    PskMissing,

    /// <summary>The version asked for is older than the group's (RFC 9420 §12.1.5).</summary>
    ReInitVersion,

    /// <summary>A ReInit stands beside other proposals (RFC 9420 §12.2).</summary>
    ReInitNotAlone,

    /// <summary>An ExternalInit is in a commit of a member (RFC 9420 §12.2).</summary>
    ExternalInitByMember,

    /// <summary>The commit replaces the group's extensions twice (RFC 9420 §12.2).</summary>
    GroupContextExtensionsTwice,

    /// <summary>Some member does not support the new extensions or what they require (RFC 9420 §12.1.7).</summary>
    GroupContextExtensionsUnsupported,

    /// <summary>The required_capabilities extension does not parse (RFC 9420 §11.1).</summary>
    RequiredCapabilitiesMalformed,

    /// <summary>The external_senders extension does not parse (RFC 9420 §12.1.8.1).</summary>
    ExternalSendersMalformed,

    /// <summary>Some member does not support the proposal type (RFC 9420 §13.2).</summary>
    ProposalTypeUnsupported,

    /// <summary>An external commit covers a proposal it may not (RFC 9420 §12.2).</summary>
    ExternalCommitProposals,

    /// <summary>An external commit needs exactly one ExternalInit that decapsulates (RFC 9420 §12.2).</summary>
    ExternalCommitInit,

    /// <summary>An external commit covers a proposal by reference (RFC 9420 §12.4.3.2).</summary>
    ExternalCommitReference,

    /// <summary>An external commit has no path (RFC 9420 §12.4.3.2).</summary>
    ExternalCommitPath,

    /// <summary>The commit needs a path and has none (RFC 9420 §12.4).</summary>
    PathMissing,

    /// <summary>The path has not one node for each of the filtered direct path (RFC 9420 §7.6).</summary>
    PathLength,

    /// <summary>A path secret is not encrypted once to each node of the resolution (RFC 9420 §7.6).</summary>
    PathSecretCount,

    /// <summary>A public key of the path is already in the tree (RFC 9420 §12.4.2).</summary>
    PathKeyReused,

    /// <summary>The leaf node's parent hash is not the one its path has (RFC 9420 §7.9.2).</summary>
    PathParentHash,

    /// <summary>The path secret does not decrypt (RFC 9420 §7.5).</summary>
    PathSecret,

    /// <summary>A public key of the path is not the one its secret yields (RFC 9420 §7.5).</summary>
    PathKeyMismatch,

    /// <summary>The commit is signed by this member but is not the one it holds pending (RFC 9420 §14).</summary>
    CommitOfOtherSelf,

    /// <summary>The Welcome is for none of this client's key packages (RFC 9420 §12.4.3.1).</summary>
    WelcomeNotForUs,

    /// <summary>The Welcome's cipher suite is not the key package's (RFC 9420 §12.4.3.1).</summary>
    WelcomeCipherSuite,

    /// <summary>The group secrets do not decrypt or do not parse (RFC 9420 §12.4.3.1).</summary>
    WelcomeSecrets,

    /// <summary>The GroupInfo does not decrypt or does not parse (RFC 9420 §12.4.3.1).</summary>
    WelcomeGroupInfo,

    /// <summary>A reinit or branch key is not the only one of its kind (RFC 9420 §12.4.3.1).</summary>
    WelcomePsks,

    /// <summary>No leaf of the tree is the one in the key package (RFC 9420 §12.4.3.1).</summary>
    WelcomeLeafMissing,

    /// <summary>The path secret does not yield the keys of the tree (RFC 9420 §12.4.3.1).</summary>
    WelcomePathSecret,

    /// <summary>The signature of the GroupInfo does not verify, or its signer's leaf is blank (RFC 9420 §12.4.3).</summary>
    GroupInfoSignature,

    /// <summary>The GroupInfo offers no external_pub extension (RFC 9420 §12.4.3.2).</summary>
    GroupInfoExternalPub,

    /// <summary>This client is already in a group of this id (RFC 9420 §12.4.3).</summary>
    GroupIdInUse,

    /// <summary>This client does not support an extension of the group (RFC 9420 §13.4).</summary>
    GroupExtensionUnsupported,

    /// <summary>A group that is reinitialized or branched does not begin at epoch 1 (RFC 9420 §12.4.3.1).</summary>
    ResumedEpoch,

    /// <summary>The new group is not the one the ReInit proposal describes (RFC 9420 §11.2).</summary>
    ReInitMismatch,

    /// <summary>A member of the old group is missing in the new one (RFC 9420 §11.2).</summary>
    ReInitMembers,

    /// <summary>The subgroup has another version or cipher suite than its origin (RFC 9420 §11.3).</summary>
    BranchMismatch,

    /// <summary>The subgroup has a member that its origin has not (RFC 9420 §11.3).</summary>
    BranchMembers,

    /// <summary>A commit of this member is pending; confirm it or drop it first (RFC 9420 §14).</summary>
    CommitPending,

    /// <summary>The commit was made in another epoch than the group is in (RFC 9420 §14).</summary>
    CommitStale,

    /// <summary>Proposals wait for a commit, which comes before application data (RFC 9420 §12.4).</summary>
    ProposalsPending,

    /// <summary>The group has been reinitialized and is closed (RFC 9420 §12.4.2).</summary>
    GroupReInitialized,

    /// <summary>This client has been removed from the group (RFC 9420 §12.4.2).</summary>
    NotMember,

    /// <summary>A stored record does not parse (the storage format).</summary>
    RecordMalformed,

    /// <summary>A stored record has a format version this library does not know (the storage format).</summary>
    RecordVersion,

    /// <summary>The group is in the last epoch there can be: the epoch is a uint64 (RFC 9420 §8.1).</summary>
    EpochExhausted,
}
