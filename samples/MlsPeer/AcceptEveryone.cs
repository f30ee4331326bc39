using Quicprochat.Mls.Credentials;

namespace MlsPeer;

/// <summary>A test peer knows nobody, so it takes every credential for what it says. An application must not.</summary>
internal sealed class AcceptEveryone : IAuthenticationService
{
    public bool Accept(CredentialCheck check) => true;
}
