using Quicprochat.Mls.Credentials;

namespace Quicprochat.Mls.Tests.RandomGroups;

internal sealed class AcceptEveryone : IAuthenticationService
{
    public bool Accept(CredentialCheck check) => true;
}
