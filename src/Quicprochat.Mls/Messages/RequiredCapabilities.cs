using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Credentials;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// What every member of a group must support (RFC 9420 §11.1), an extension of the GroupContext:
/// <code>
/// struct {
///     ExtensionType extension_types&lt;V&gt;;
///     ProposalType proposal_types&lt;V&gt;;
///     CredentialType credential_types&lt;V&gt;;
/// } RequiredCapabilities;
/// </code>
/// </summary>
public sealed class RequiredCapabilities
{
    /// <summary>Extension types.</summary>
    public IReadOnlyList<ExtensionType> Extensions { get; init; } = [];

    /// <summary>Proposal types.</summary>
    public IReadOnlyList<ProposalType> Proposals { get; init; } = [];

    /// <summary>Credential types.</summary>
    public IReadOnlyList<CredentialType> Credentials { get; init; } = [];

    /// <summary>The extension to put in a group's context.</summary>
    public Extension ToExtension()
    {
        var writer = new Writer(64);
        Capabilities.WriteList(ref writer, Extensions, static item => (ushort)item);
        Capabilities.WriteList(ref writer, Proposals, static item => (ushort)item);
        Capabilities.WriteList(ref writer, Credentials, static item => (ushort)item);
        return new Extension(ExtensionType.RequiredCapabilities, writer.ToArray());
    }

    internal static bool TryParse(ReadOnlyMemory<byte> data, [NotNullWhen(true)] out RequiredCapabilities? required)
    {
        required = null;
        var reader = new Reader(data);
        if (!reader.TryReadList(Capabilities.ReadExtension, out ExtensionType[]? extensions)
            || !reader.TryReadList(Capabilities.ReadProposal, out ProposalType[]? proposals)
            || !reader.TryReadList(Capabilities.ReadCredential, out CredentialType[]? credentials)
            || !reader.IsAtEnd)
        {
            return false;
        }
        required = new RequiredCapabilities { Extensions = extensions, Proposals = proposals, Credentials = credentials };
        return true;
    }
}
