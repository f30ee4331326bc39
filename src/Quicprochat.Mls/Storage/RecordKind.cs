namespace Quicprochat.Mls.Storage;

/// <summary>What a record of a group holds. The values are part of the format and are never used anew.</summary>
internal enum RecordKind : byte
{
    Group = 1,
    TreeNode = 2,
    PrivateKey = 3,
    SecretTreeNode = 4,
    Ratchet = 5,
    SkippedKey = 6,
    Proposal = 7,
    PendingCommit = 8,
    PastEpoch = 9,
    ResumptionPsk = 10,
    HeldMessage = 11,
    PendingJoin = 12,
}
