using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;
using Quicprochat.Mls.Credentials;

namespace Quicprochat.Mls.Messages;

/// <summary>
/// What a client supports (RFC 9420 §7.2):
/// <code>
/// struct {
///     ProtocolVersion versions&lt;V&gt;;
///     CipherSuite cipher_suites&lt;V&gt;;
///     ExtensionType extensions&lt;V&gt;;
///     ProposalType proposals&lt;V&gt;;
///     CredentialType credentials&lt;V&gt;;
/// } Capabilities;
/// </code>
/// Unknown values are kept and ignored; default proposal and extension types are not listed.
/// </summary>
public sealed class Capabilities
{
    /// <summary>Protocol versions.</summary>
    public required IReadOnlyList<ProtocolVersion> Versions { get; init; }

    /// <summary>Code points of cipher suites.</summary>
    public required IReadOnlyList<ushort> CipherSuites { get; init; }

    /// <summary>Extension types beyond the default ones.</summary>
    public required IReadOnlyList<ExtensionType> Extensions { get; init; }

    /// <summary>Proposal types beyond the default ones.</summary>
    public required IReadOnlyList<ProposalType> Proposals { get; init; }

    /// <summary>Credential types.</summary>
    public required IReadOnlyList<CredentialType> Credentials { get; init; }

    /// <summary>True for the types every client implements, which are never listed (RFC 9420 §7.2).</summary>
    internal static bool IsDefault(ExtensionType type) => type is >= ExtensionType.ApplicationId and <= ExtensionType.ExternalSenders;

    /// <summary>True for the types every client implements, which are never listed (RFC 9420 §7.2).</summary>
    internal static bool IsDefault(ProposalType type) => type is >= ProposalType.Add and <= ProposalType.GroupContextExtensions;

    internal bool Supports(ExtensionType type) => IsDefault(type) || Contains(Extensions, type);

    internal bool Supports(ProposalType type) => IsDefault(type) || Contains(Proposals, type);

    internal bool Supports(CredentialType type) => Contains(Credentials, type);

    internal static bool TryRead(ref Reader reader, [NotNullWhen(true)] out Capabilities? capabilities)
    {
        capabilities = null;
        if (!reader.TryReadList(ReadVersion, out ProtocolVersion[]? versions)
            || !reader.TryReadList(ReadCipherSuite, out ushort[]? cipherSuites)
            || !reader.TryReadList(ReadExtension, out ExtensionType[]? extensions)
            || !reader.TryReadList(ReadProposal, out ProposalType[]? proposals)
            || !reader.TryReadList(ReadCredential, out CredentialType[]? credentials))
        {
            return false;
        }
        capabilities = new Capabilities
        {
            Versions = versions,
            CipherSuites = cipherSuites,
            Extensions = extensions,
            Proposals = proposals,
            Credentials = credentials,
        };
        return true;
    }

    internal void Write(ref Writer writer)
    {
        WriteList(ref writer, Versions, static item => (ushort)item);
        WriteList(ref writer, CipherSuites, static item => item);
        WriteList(ref writer, Extensions, static item => (ushort)item);
        WriteList(ref writer, Proposals, static item => (ushort)item);
        WriteList(ref writer, Credentials, static item => (ushort)item);
    }

    internal static void WriteList<T>(ref Writer writer, IReadOnlyList<T> items, Func<T, ushort> toWire)
    {
        writer.WriteLength(items.Count * 2);
        for (int i = 0; i < items.Count; i++)
        {
            writer.WriteUInt16(toWire(items[i]));
        }
    }

    internal static bool ReadExtension(ref Reader reader, out ExtensionType type)
    {
        bool read = reader.TryReadUInt16(out ushort value);
        type = (ExtensionType)value;
        return read;
    }

    internal static bool ReadProposal(ref Reader reader, out ProposalType type)
    {
        bool read = reader.TryReadUInt16(out ushort value);
        type = (ProposalType)value;
        return read;
    }

    internal static bool ReadCredential(ref Reader reader, out CredentialType type)
    {
        bool read = reader.TryReadUInt16(out ushort value);
        type = (CredentialType)value;
        return read;
    }

    private static bool ReadVersion(ref Reader reader, out ProtocolVersion version)
    {
        bool read = reader.TryReadUInt16(out ushort value);
        version = (ProtocolVersion)value;
        return read;
    }

    private static bool ReadCipherSuite(ref Reader reader, out ushort cipherSuite) => reader.TryReadUInt16(out cipherSuite);

    private static bool Contains<T>(IReadOnlyList<T> items, T item)
        where T : struct, Enum
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (EqualityComparer<T>.Default.Equals(items[i], item))
            {
                return true;
            }
        }
        return false;
    }
}
