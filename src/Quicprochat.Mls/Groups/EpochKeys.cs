using Quicprochat.Crypto;
using Quicprochat.Mls.KeySchedule;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Groups;

/// <summary>What reading a PrivateMessage of an epoch takes.</summary>
internal readonly record struct EpochKeys(GroupContext Context, Secret SenderData, SecretTree SecretTree, Func<uint, LeafNode?> LeafAt);
