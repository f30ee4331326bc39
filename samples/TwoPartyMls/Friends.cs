using System.Text;
using Quicprochat.Mls.Credentials;

namespace TwoPartyMls;

/// <summary>
/// Who is who. MLS proves that a message comes from the owner of a key; that the key is Bob's, only the application can know.
/// This one compares keys it was shown face to face. Yours may ask a directory, or check certificates.
/// </summary>
internal sealed class Friends : IAuthenticationService
{
    private readonly Dictionary<string, byte[]> _keys = [];

    public void Meet(string name, ReadOnlyMemory<byte> signatureKey) => _keys[name] = signatureKey.ToArray();

    public bool Accept(CredentialCheck check) =>
        _keys.TryGetValue(Encoding.UTF8.GetString(check.Credential.Identity.Span), out byte[]? key) && check.SignatureKey.Span.SequenceEqual(key);
}
