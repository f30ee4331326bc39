namespace Quicprochat.Sdk.Store;

/// <summary>What opens a store. The values are part of the format.</summary>
public enum StoreKeyKind
{
    /// <summary>A passphrase, stretched with Argon2id.</summary>
    Passphrase = 1,

    /// <summary>Random bytes from a file or from the service manager.</summary>
    Key = 2,
}
