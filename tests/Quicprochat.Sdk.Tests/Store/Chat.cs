using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Storage;

namespace Quicprochat.Sdk.Tests.Store;

/// <summary>Real MLS clients for tests of where they keep themselves.</summary>
internal static class Chat
{
    public const long Now = 1_800_000_000;

    public static MlsClient Client(IGroupStore store) => new() { Authentication = new Everyone(), Store = store };

    public static KeyPackage Parse(ReadOnlySpan<byte> bytes) => KeyPackage.TryParse(bytes, out KeyPackage? package) ? package : throw new FormatException();

    private sealed class Everyone : IAuthenticationService
    {
        public bool Accept(CredentialCheck check) => true;
    }
}
