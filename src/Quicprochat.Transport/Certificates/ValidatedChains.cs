using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Quicprochat.Transport.Certificates;

/// <summary>
/// Chains that were found valid not long ago: building one costs as much as a handshake's cryptography. Only acceptances are kept,
/// under everything they depended on (certificates, name, roots, flags, usage), for some minutes and never past an end of validity.
/// The bytes of the chain are looked up as they came: loading one certificate costs as much as verifying a signature.
/// </summary>
internal sealed class ValidatedChains(int capacity, TimeSpan lifetime)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (DateTimeOffset From, DateTimeOffset Until)> _valid = [];
    private readonly Queue<string> _order = new();

    /// <summary>The process's own: loops of several endpoints meet the same peers.</summary>
    public static ValidatedChains Shared { get; } = new(capacity: 1024, lifetime: TimeSpan.FromMinutes(10));

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _valid.Count;
            }
        }
    }

    /// <summary>A digest of all that a verdict depends on but the time.</summary>
    public static byte[] KeyOf(CertificatePolicy policy, IReadOnlyList<ReadOnlyMemory<byte>> chain, string? targetHost)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(int)];
        AppendText(hash, policy.Usage);
        AppendText(hash, policy.ChecksName ? targetHost ?? "" : "");
        if (policy.ChainPolicy is { } chainPolicy)
        {
            AppendNumber(hash, number, (int)chainPolicy.TrustMode);
            AppendNumber(hash, number, (int)chainPolicy.VerificationFlags);
            AppendNumber(hash, number, (int)chainPolicy.RevocationMode);
            AppendNumber(hash, number, (int)chainPolicy.RevocationFlag);
            AppendAll(hash, number, chainPolicy.CustomTrustStore);
            AppendAll(hash, number, chainPolicy.ExtraStore);
            AppendNumber(hash, number, chainPolicy.ApplicationPolicy.Count);
            foreach (Oid usage in chainPolicy.ApplicationPolicy)
            {
                AppendText(hash, usage.Value ?? "");
            }
            AppendNumber(hash, number, chainPolicy.CertificatePolicy.Count);
            foreach (Oid certificatePolicy in chainPolicy.CertificatePolicy)
            {
                AppendText(hash, certificatePolicy.Value ?? "");
            }
        }
        AppendNumber(hash, number, chain.Count);
        foreach (ReadOnlyMemory<byte> certificate in chain)
        {
            AppendNumber(hash, number, certificate.Length);
            hash.AppendData(certificate.Span);
        }
        return hash.GetHashAndReset();
    }

    public bool Contains(byte[] key, DateTimeOffset now)
    {
        lock (_lock)
        {
            return _valid.TryGetValue(Convert.ToBase64String(key), out (DateTimeOffset From, DateTimeOffset Until) span) && now >= span.From && now < span.Until;
        }
    }

    /// <summary>Keeps a chain that was built and is valid; the oldest goes when there are too many.</summary>
    public void Add(byte[] key, X509Chain chain, DateTimeOffset now)
    {
        DateTimeOffset until = now + lifetime;
        foreach (X509ChainElement element in chain.ChainElements)
        {
            DateTimeOffset notAfter = element.Certificate.NotAfter;
            until = notAfter < until ? notAfter : until;
        }
        string name = Convert.ToBase64String(key);
        lock (_lock)
        {
            if (!_valid.ContainsKey(name))
            {
                while (_valid.Count >= capacity)
                {
                    _valid.Remove(_order.Dequeue());
                }
                _order.Enqueue(name);
            }
            _valid[name] = (now, until);
        }
    }

    private static void AppendAll(IncrementalHash hash, Span<byte> number, X509Certificate2Collection certificates)
    {
        AppendNumber(hash, number, certificates.Count);
        foreach (X509Certificate2 certificate in certificates)
        {
            AppendNumber(hash, number, certificate.RawDataMemory.Length);
            hash.AppendData(certificate.RawDataMemory.Span);
        }
    }

    private static void AppendText(IncrementalHash hash, string text)
    {
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }

    private static void AppendNumber(IncrementalHash hash, Span<byte> number, int value)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(number, value);
        hash.AppendData(number);
    }
}
