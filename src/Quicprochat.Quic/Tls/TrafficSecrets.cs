using Quicprochat.Crypto;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Tls;

/// <summary>The secrets packet protection keys of one level are derived from (RFC 9001 §5.1). Who takes them disposes both.</summary>
/// <param name="Level">Handshake or Application.</param>
/// <param name="CipherSuite">The suite, which names AEAD and hash.</param>
/// <param name="Read">What the peer protects with.</param>
/// <param name="Write">What this end protects with.</param>
internal readonly record struct TrafficSecrets(EncryptionLevel Level, TlsCipherSuite CipherSuite, Secret Read, Secret Write);
