using Quicprochat.Mls.Credentials;

namespace Quicprochat.Mls.Tests;

/// <summary>An Authentication Service that remembers what it was asked, and refuses what it is told to.</summary>
internal sealed class Trust : IAuthenticationService
{
    public List<CredentialCheck> Asked { get; } = [];

    public Func<CredentialCheck, bool> Rule { get; set; } = static _ => true;

    public bool Accept(CredentialCheck check)
    {
        Asked.Add(check);
        return Rule(check);
    }
}
