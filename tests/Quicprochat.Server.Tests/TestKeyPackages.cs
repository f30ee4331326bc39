using Google.Protobuf;
using Quicprochat.Mls;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;

namespace Quicprochat.Server.Tests;

/// <summary>Real key packages, made by the MLS library that the server does not have.</summary>
internal sealed class TestKeyPackages
{
    private readonly MlsClient _client;
    private readonly SigningIdentity _identity;

    public TestKeyPackages(CipherSuite suite)
    {
        _client = new MlsClient { Authentication = new AcceptsAll() };
        _identity = _client.CreateIdentity(Credential.Basic("alice"), suite);
    }

    public byte[] Make(bool lastResort = false, DateTimeOffset? at = null) =>
        _client.CreateKeyPackage(_identity, (at ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds(), new KeyPackageOptions { LastResort = lastResort }).ToMessage();

    public IEnumerable<ByteString> Make(int count) => Enumerable.Range(0, count).Select(_ => ByteString.CopyFrom(Make()));

    private sealed class AcceptsAll : IAuthenticationService
    {
        public bool Accept(CredentialCheck check) => true;
    }
}
