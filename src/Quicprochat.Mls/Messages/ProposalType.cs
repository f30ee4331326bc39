namespace Quicprochat.Mls.Messages;

/// <summary>What a proposal asks for (RFC 9420 §17.4). Unknown values are kept; 0xF000 to 0xFFFF are an application's own.</summary>
public enum ProposalType : ushort
{
    /// <summary>Not a type.</summary>
    Reserved = 0,

    /// <summary>Add a client.</summary>
    Add = 1,

    /// <summary>Replace the sender's leaf.</summary>
    Update = 2,

    /// <summary>Remove a member.</summary>
    Remove = 3,

    /// <summary>Mix in a pre-shared key.</summary>
    Psk = 4,

    /// <summary>Start over with other parameters.</summary>
    ReInit = 5,

    /// <summary>Join by an external commit.</summary>
    ExternalInit = 6,

    /// <summary>Replace the extensions of the group.</summary>
    GroupContextExtensions = 7,
}
