namespace Quicprochat.Mls.Credentials;

/// <summary>The application's judgement of who is who: the Authentication Service of RFC 9420 §5.3.1.</summary>
public interface IAuthenticationService
{
    /// <summary>
    /// True when the credential legitimately names the owner of the signature key, the application wants that one there, and,
    /// where a leaf is replaced, the new credential is a valid successor of the old one.
    /// </summary>
    bool Accept(CredentialCheck check);

    /// <summary>
    /// A name that is equal for credentials the application considers equivalent. It decides whether the members of a group
    /// that is reinitialized or branched are those of its origin (RFC 9420 §11.2, §11.3). By default the credential itself.
    /// </summary>
    ReadOnlyMemory<byte> Identify(Credential credential) => credential.Encoded;
}
