namespace Quicprochat.Quic.Tls;

/// <summary>Lists of groups.</summary>
public static class TlsGroups
{
    /// <summary>The hybrid first, then X25519, then P-256.</summary>
    public static IReadOnlyList<TlsGroup> Default { get; } = [TlsGroup.X25519MLKEM768, TlsGroup.X25519, TlsGroup.Secp256r1];
}
