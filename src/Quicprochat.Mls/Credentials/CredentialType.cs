namespace Quicprochat.Mls.Credentials;

/// <summary>What a credential holds (RFC 9420 §17.5). Unknown values are kept; 0xF000 to 0xFFFF are an application's own.</summary>
public enum CredentialType : ushort
{
    /// <summary>Not a type.</summary>
    Reserved = 0,

    /// <summary>A bare identity.</summary>
    Basic = 1,

    /// <summary>A chain of X.509 certificates.</summary>
    X509 = 2,
}
