namespace Quicprochat.Mls.Messages;

/// <summary>What a resumption PSK is for (RFC 9420 §8.4).</summary>
public enum ResumptionPskUsage : byte
{
    /// <summary>Not a usage.</summary>
    Reserved = 0,

    /// <summary>The application's own purpose.</summary>
    Application = 1,

    /// <summary>Starting the group over (RFC 9420 §11.2).</summary>
    ReInit = 2,

    /// <summary>Branching a subgroup (RFC 9420 §11.3).</summary>
    Branch = 3,
}
