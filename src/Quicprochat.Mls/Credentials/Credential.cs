using System.Diagnostics.CodeAnalysis;
using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Credentials;

/// <summary>
/// What a member presents to prove who it is (RFC 9420 §5.3):
/// <code>
/// struct {
///     CredentialType credential_type;
///     select (Credential.credential_type) {
///         case basic: opaque identity&lt;V&gt;;
///         case x509:  Certificate certificates&lt;V&gt;;
///     };
/// } Credential;
/// </code>
/// A credential of any other type is read as one <c>opaque</c> vector, kept, and judged by the application.
/// </summary>
public sealed class Credential
{
    private Credential(CredentialType type, ReadOnlyMemory<byte> encoded)
    {
        Type = type;
        Encoded = encoded;
    }

    /// <summary>What it holds.</summary>
    public CredentialType Type { get; }

    /// <summary>The bytes it was read from.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>The identity of a basic credential, or the content of an application's own type; empty for X.509.</summary>
    public ReadOnlyMemory<byte> Identity { get; private init; }

    /// <summary>The DER certificates of an X.509 credential, the end entity's first; empty for others.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; private init; } = [];

    /// <summary>A basic credential.</summary>
    public static Credential Basic(ReadOnlySpan<byte> identity) => Custom(CredentialType.Basic, identity);

    /// <summary>A basic credential whose identity is UTF-8 text.</summary>
    public static Credential Basic(string identity) => Basic(System.Text.Encoding.UTF8.GetBytes(identity));

    /// <summary>An X.509 credential.</summary>
    /// <param name="certificates">DER certificates, the end entity's first; its key is the member's signature key.</param>
    public static Credential X509(IReadOnlyList<ReadOnlyMemory<byte>> certificates)
    {
        var writer = new Writer(1024);
        writer.WriteUInt16((ushort)CredentialType.X509);
        int start = writer.BeginVector();
        foreach (ReadOnlyMemory<byte> certificate in certificates)
        {
            writer.WriteVector(certificate);
        }
        writer.EndVector(start);
        return new Credential(CredentialType.X509, writer.ToArray()) { Certificates = [.. certificates] };
    }

    /// <summary>A credential of an application's own type, 0xF000 to 0xFFFF.</summary>
    public static Credential Custom(CredentialType type, ReadOnlySpan<byte> content)
    {
        if (type == CredentialType.X509)
        {
            throw new ArgumentException("An X.509 credential is made from certificates.", nameof(type));
        }
        var writer = new Writer(content.Length + 8);
        writer.WriteUInt16((ushort)type);
        writer.WriteVector(content);
        return new Credential(type, writer.ToArray()) { Identity = content.ToArray() };
    }

    /// <summary>True when both present the same bytes.</summary>
    public bool SequenceEqual(Credential other) => Encoded.Span.SequenceEqual(other.Encoded.Span);

    internal static bool TryRead(ref Reader reader, [NotNullWhen(true)] out Credential? credential)
    {
        credential = null;
        int start = reader.Position;
        if (!reader.TryReadUInt16(out ushort type))
        {
            return false;
        }
        if ((CredentialType)type == CredentialType.X509)
        {
            if (!reader.TryReadList(ReadCertificate, out ReadOnlyMemory<byte>[]? certificates))
            {
                return false;
            }
            credential = new Credential(CredentialType.X509, reader.Since(start)) { Certificates = certificates };
            return true;
        }
        if (!reader.TryReadVector(out ReadOnlyMemory<byte> content))
        {
            return false;
        }
        credential = new Credential((CredentialType)type, reader.Since(start)) { Identity = content };
        return true;
    }

    internal void Write(ref Writer writer) => writer.WriteBytes(Encoded.Span);

    private static bool ReadCertificate(ref Reader reader, out ReadOnlyMemory<byte> certificate) => reader.TryReadVector(out certificate);
}
