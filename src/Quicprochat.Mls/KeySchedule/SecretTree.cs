using Quicprochat.Crypto;
using Quicprochat.Crypto.Aead;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.KeySchedule;

/// <summary>
/// The message keys of one epoch (RFC 9420 §9). A leaf's ratchets are derived when it first sends or is first heard; until then
/// only the secrets of the subtrees nobody was heard from are held. A secret that has been consumed is not here any more.
/// </summary>
internal sealed class SecretTree : IDisposable
{
    private readonly Dictionary<uint, Secret> _nodes = [];
    private readonly Dictionary<(uint Leaf, RatchetKind Kind), Ratchet> _ratchets = [];

    public SecretTree(uint width) => Width = width;

    /// <summary>How many leaves the tree has.</summary>
    public uint Width { get; }

    /// <summary>Node secrets that are not consumed.</summary>
    public IReadOnlyDictionary<uint, Secret> Nodes => _nodes;

    public IReadOnlyDictionary<(uint Leaf, RatchetKind Kind), Ratchet> Ratchets => _ratchets;

    /// <summary>The tree of an epoch; it takes over the encryption secret.</summary>
    public static SecretTree Begin(uint width, Secret encryptionSecret)
    {
        var tree = new SecretTree(width);
        tree.RestoreNode(TreeMath.Root(width), encryptionSecret);
        return tree;
    }

    public void RestoreNode(uint node, Secret secret) => _nodes.Add(node, secret);

    public void RestoreRatchet(uint leaf, RatchetKind kind, Ratchet ratchet) => _ratchets.Add((leaf, kind), ratchet);

    /// <summary>The step that uses the next key to send.</summary>
    public MlsError? TryPrepareSend(MlsCrypto crypto, uint leaf, RatchetKind kind, out RatchetStep? step)
    {
        _ratchets.TryGetValue((leaf, kind), out Ratchet? ratchet);
        return TryPrepare(crypto, (leaf, kind), ratchet?.Generation ?? 0, new RatchetLimits(0, 0), out step);
    }

    /// <summary>The step that uses the key of a generation to receive.</summary>
    public MlsError? TryPrepareReceive(MlsCrypto crypto, uint leaf, RatchetKind kind, uint generation, RatchetLimits limits, out RatchetStep? step)
    {
        step = null;
        if (!_ratchets.TryGetValue((leaf, kind), out Ratchet? ratchet) || generation >= ratchet.Generation)
        {
            return TryPrepare(crypto, (leaf, kind), generation, limits, out step);
        }
        if (!ratchet.Skipped.TryGetValue(generation, out MessageKey? key))
        {
            return Rule.GenerationConsumed; // RFC 9420 §9.2
        }
        step = new RatchetStep(leaf, kind, new MessageKey(generation, key.Key.ToArray(), key.Nonce.ToArray())) { DroppedGenerations = [generation] };
        return null;
    }

    /// <summary>Makes the change of a step; what it consumed is zeroed. The step is used up.</summary>
    public void Apply(RatchetStep step)
    {
        step.Key.Dispose();
        foreach (uint node in step.ConsumedNodes)
        {
            if (_nodes.Remove(node, out Secret? secret))
            {
                secret.Dispose();
            }
        }
        foreach ((uint node, Secret secret) in step.NewNodes)
        {
            _nodes.Add(node, secret);
        }
        if (step.OtherRatchet is not null)
        {
            _ratchets.Add((step.Leaf, Other(step.Kind)), new Ratchet(step.OtherRatchet, 0));
        }
        if (!_ratchets.TryGetValue((step.Leaf, step.Kind), out Ratchet? ratchet))
        {
            ratchet = new Ratchet(step.NewSecret!, step.NewGeneration);
            _ratchets.Add((step.Leaf, step.Kind), ratchet);
        }
        else if (step.NewSecret is not null)
        {
            ratchet.Advance(step.NewSecret, step.NewGeneration);
        }
        foreach (MessageKey key in step.Skipped)
        {
            ratchet.AddSkipped(key);
        }
        foreach (uint generation in step.DroppedGenerations)
        {
            ratchet.DropSkipped(generation);
        }
    }

    public static RatchetKind Other(RatchetKind kind) => kind == RatchetKind.Handshake ? RatchetKind.Application : RatchetKind.Handshake;

    public void Dispose()
    {
        foreach (Secret secret in _nodes.Values)
        {
            secret.Dispose();
        }
        foreach (Ratchet ratchet in _ratchets.Values)
        {
            ratchet.Dispose();
        }
        _nodes.Clear();
        _ratchets.Clear();
    }

    private MlsError? TryPrepare(MlsCrypto crypto, (uint Leaf, RatchetKind Kind) which, uint generation, RatchetLimits limits, out RatchetStep? step)
    {
        step = null;
        _ratchets.TryGetValue(which, out Ratchet? ratchet);
        uint from = ratchet?.Generation ?? 0;
        if (generation == uint.MaxValue)
        {
            return Rule.GenerationExhausted; // RFC 9420 §9.1: the generation is a uint32.
        }
        if (generation - from > limits.GenerationsAheadMax)
        {
            return Rule.GenerationTooFar; // RFC 9420 §15.3
        }
        var consumed = new List<uint>();
        var newNodes = new List<(uint, Secret)>();
        Secret? other = null;
        Secret secret;
        if (ratchet is null)
        {
            using Secret? leafSecret = DeriveLeaf(crypto, which.Leaf, consumed, newNodes);
            if (leafSecret is null)
            {
                return Rule.RecordMalformed;
            }
            secret = crypto.DeriveSecret(leafSecret.Span, LabelOf(which.Kind));
            other = crypto.DeriveSecret(leafSecret.Span, LabelOf(Other(which.Kind)));
        }
        else
        {
            secret = ratchet.Secret.Clone();
        }

        var skipped = new List<MessageKey>();
        for (; from < generation; from++)
        {
            // Only the newest are kept, so none is derived that would be dropped at once.
            if (generation - from <= limits.SkippedMax)
            {
                skipped.Add(DeriveKey(crypto, secret, from));
            }
            secret = Next(crypto, secret, from);
        }
        MessageKey key = DeriveKey(crypto, secret, generation);
        step = new RatchetStep(which.Leaf, which.Kind, key)
        {
            ConsumedNodes = consumed,
            NewNodes = newNodes,
            OtherRatchet = other,
            NewSecret = Next(crypto, secret, generation),
            NewGeneration = generation + 1,
            Skipped = skipped,
            DroppedGenerations = Oldest(ratchet, skipped.Count, limits.SkippedMax),
        };
        return null;
    }

    /// <summary>
    /// Walks from the nearest ancestor whose secret is there down to the leaf, noting what is consumed and what comes instead. A leaf
    /// without ratchets has such an ancestor, unless the store has lost it: then the result is null.
    /// </summary>
    private Secret? DeriveLeaf(MlsCrypto crypto, uint leaf, List<uint> consumed, List<(uint, Secret)> newNodes)
    {
        int level = 0;
        while (!_nodes.ContainsKey(TreeMath.Ancestor(leaf, level)))
        {
            if (level++ == TreeMath.Level(TreeMath.Root(Width)))
            {
                return null;
            }
        }
        uint node = TreeMath.Ancestor(leaf, level);
        consumed.Add(node);
        Secret secret = _nodes[node].Clone();
        for (; level > 0; level--)
        {
            bool goLeft = 2 * leaf < node;
            newNodes.Add((goLeft ? TreeMath.Right(node) : TreeMath.Left(node), Child(crypto, secret, !goLeft)));
            Secret child = Child(crypto, secret, goLeft);
            secret.Dispose();
            secret = child;
            node = goLeft ? TreeMath.Left(node) : TreeMath.Right(node);
        }
        return secret;
    }

    private static Secret Child(MlsCrypto crypto, Secret parent, bool left) => crypto.ExpandWithLabel(parent.Span, "tree", left ? "left"u8 : "right"u8);

    private static MessageKey DeriveKey(MlsCrypto crypto, Secret secret, uint generation)
    {
        byte[] key = new byte[crypto.KeySize];
        byte[] nonce = new byte[AeadKey.NonceSize];
        crypto.DeriveTreeSecret(secret.Span, "key", generation, key);
        crypto.DeriveTreeSecret(secret.Span, "nonce", generation, nonce);
        return new MessageKey(generation, key, nonce);
    }

    private static Secret Next(MlsCrypto crypto, Secret secret, uint generation)
    {
        Secret next = Secret.Create(
            crypto.HashSize, (crypto, secret, generation), static (span, state) => state.crypto.DeriveTreeSecret(state.secret.Span, "secret", state.generation, span));
        secret.Dispose();
        return next;
    }

    private static List<uint> Oldest(Ratchet? ratchet, int added, uint limit)
    {
        var dropped = new List<uint>();
        if (ratchet is not null)
        {
            long excess = ratchet.Skipped.Count + added - (long)limit;
            foreach (uint generation in ratchet.Skipped.Keys)
            {
                if (dropped.Count >= excess)
                {
                    break;
                }
                dropped.Add(generation);
            }
        }
        return dropped;
    }

    private static string LabelOf(RatchetKind kind) => kind == RatchetKind.Handshake ? "handshake" : "application";
}
