using Quicprochat.Mls.Credentials;

namespace Quicprochat.Benchmarks.Mls;

internal sealed class AcceptEveryone : IAuthenticationService
{
    public bool Accept(CredentialCheck check) => true;
}
