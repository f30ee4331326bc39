using System.Collections.Immutable;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Mls.Tree;

/// <summary>
/// How many members list each extension, proposal and credential type, and how many present each credential type. "All
/// members support it" is then one comparison, whatever the size of the group.
/// </summary>
internal readonly record struct CapabilityCounts(ImmutableDictionary<int, int> Counts, ImmutableDictionary<CredentialType, int> CredentialsInUse)
{
    private const int ExtensionKind = 0 << 16;
    private const int ProposalKind = 1 << 16;
    private const int CredentialKind = 2 << 16;

    public static CapabilityCounts Empty { get; } = new(ImmutableDictionary<int, int>.Empty, ImmutableDictionary<CredentialType, int>.Empty);

    public int Supporting(ExtensionType type) => Counts.GetValueOrDefault(ExtensionKind | (int)type);

    public int Supporting(ProposalType type) => Counts.GetValueOrDefault(ProposalKind | (int)type);

    public int Supporting(CredentialType type) => Counts.GetValueOrDefault(CredentialKind | (int)type);

    public Editor Edit() => new(Counts.ToBuilder(), CredentialsInUse.ToBuilder());

    /// <summary>Changes that become counts of their own when done.</summary>
    internal sealed class Editor(ImmutableDictionary<int, int>.Builder counts, ImmutableDictionary<CredentialType, int>.Builder credentialsInUse)
    {
        private readonly HashSet<int> _listed = [];

        public void Add(LeafNode leaf) => Count(leaf, 1);

        public void Remove(LeafNode leaf) => Count(leaf, -1);

        public CapabilityCounts ToCounts() => new(counts.ToImmutable(), credentialsInUse.ToImmutable());

        private void Count(LeafNode leaf, int step)
        {
            Step(credentialsInUse, leaf.Credential.Type, step);

            // A peer may list a type twice; it still counts once.
            _listed.Clear();
            Capabilities capabilities = leaf.Capabilities;
            for (int i = 0; i < capabilities.Extensions.Count; i++)
            {
                StepOnce(ExtensionKind | (int)capabilities.Extensions[i], step);
            }
            for (int i = 0; i < capabilities.Proposals.Count; i++)
            {
                StepOnce(ProposalKind | (int)capabilities.Proposals[i], step);
            }
            for (int i = 0; i < capabilities.Credentials.Count; i++)
            {
                StepOnce(CredentialKind | (int)capabilities.Credentials[i], step);
            }
        }

        private void StepOnce(int key, int step)
        {
            if (_listed.Add(key))
            {
                Step(counts, key, step);
            }
        }

        private static void Step<TKey>(ImmutableDictionary<TKey, int>.Builder builder, TKey key, int step)
            where TKey : notnull
        {
            builder.TryGetValue(key, out int count);
            if (count + step == 0)
            {
                builder.Remove(key);
            }
            else
            {
                builder[key] = count + step;
            }
        }
    }
}
