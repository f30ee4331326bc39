using Quicprochat.Mls.Framing;
using Quicprochat.Mls.KeySchedule;

namespace Quicprochat.Mls.Groups;

/// <summary>A message whose sender has been verified, or the reason why it need not be. The ratchet has not moved yet.</summary>
internal sealed class Unprotected(ulong epoch) : IDisposable
{
    private bool _made;

    public ulong Epoch { get; } = epoch;

    /// <summary>The content; null where there is an <see cref="Outcome"/>.</summary>
    public AuthenticatedContent? Content { get; init; }

    /// <summary>Why the message is not processed; null when it is.</summary>
    public NotProcessedReason? Outcome { get; init; }

    public SenderData? SenderData { get; init; }

    /// <summary>The use of the message's key; null for a PublicMessage.</summary>
    public RatchetStep? Step { get; init; }

    public SecretTree? Tree { get; init; }

    /// <summary>Moves the ratchet: the message's key is gone.</summary>
    public void MakeStep()
    {
        if (Step is not null)
        {
            Tree!.Apply(Step);
            _made = true;
        }
    }

    public void Dispose()
    {
        if (!_made)
        {
            Step?.Dispose();
        }
    }
}
