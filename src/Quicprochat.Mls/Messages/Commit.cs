using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// Begins a new epoch (RFC 9420 §12.4):
/// <c>struct { ProposalOrRef proposals&lt;V&gt;; optional&lt;UpdatePath&gt; path; } Commit;</c>
/// </summary>
internal sealed class Commit(IReadOnlyList<ProposalOrRef> proposals, UpdatePath? path)
{
    public IReadOnlyList<ProposalOrRef> Proposals { get; } = proposals;

    public UpdatePath? Path { get; } = path;

    /// <summary>At least as long as it is when written.</summary>
    public int LengthMax => Proposals.Sum(static item => item.LengthMax) + (Path?.LengthMax ?? 0) + 5;

    public static bool TryRead(ref Reader reader, [NotNullWhen(true)] out Commit? commit)
    {
        commit = null;
        UpdatePath? path = null;
        if (!reader.TryReadList(ProposalOrRef.TryRead, out ProposalOrRef[]? proposals)
            || !reader.TryReadPresence(out bool present)
            || (present && !UpdatePath.TryRead(ref reader, out path)))
        {
            return false;
        }
        commit = new Commit(proposals, path);
        return true;
    }

    public void Write(ref Writer writer)
    {
        int start = writer.BeginVector();
        for (int i = 0; i < Proposals.Count; i++)
        {
            Proposals[i].Write(ref writer);
        }
        writer.EndVector(start);
        writer.WritePresence(Path is not null);
        Path?.Write(ref writer);
    }
}
