using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Transport.Certificates;

/// <summary>
/// Judges one peer's certificate: chain, dates, usage and name through <see cref="X509Chain"/>, or the pinned key instead of all that.
/// It runs on the loop's thread and so fetches nothing: no revocation lists, no missing intermediates. One instance for each connection.
/// </summary>
internal sealed class CertificateValidator(CertificatePolicy policy, object sender) : IPeerCertificateValidator
{
    /// <summary>Longest chain looked at: a real one has two to four.</summary>
    private const int ChainLengthMax = 10;

    /// <summary>What was found wrong, after <see cref="Validate"/>.</summary>
    public CertificateFault Fault { get; private set; }

    /// <summary>What the application's callback threw.</summary>
    public Exception? CallbackException { get; private set; }

    public byte? Validate(IReadOnlyList<ReadOnlyMemory<byte>> chain, string? targetHost)
    {
        Fault = Judge(chain, targetHost);
        return Fault == CertificateFault.None ? null : Fault.Alert();
    }

    private CertificateFault Judge(IReadOnlyList<ReadOnlyMemory<byte>> chain, string? targetHost)
    {
        if (chain.Count == 0)
        {
            return policy.Callback is null || policy.Pins is not null ? CertificateFault.Missing : AskCallback(null, null, SslPolicyErrors.RemoteCertificateNotAvailable);
        }
        if (chain.Count > ChainLengthMax)
        {
            return CertificateFault.Malformed;
        }
        DateTimeOffset now = policy.TimeProvider.GetUtcNow();
        byte[]? key = policy.Pins is null && policy.Callback is null ? ValidatedChains.KeyOf(policy, chain, targetHost) : null;
        if (key is not null && ValidatedChains.Shared.Contains(key, now))
        {
            return CertificateFault.None;
        }
        var certificates = new X509Certificate2Collection();
        if (!TryLoad(chain, certificates))
        {
            return CertificateFault.Malformed;
        }
        if (policy.Pins is not null)
        {
            // As DANE-EE(3) does (RFC 7671 §5.1): the key itself is trusted, so names, dates and issuers say nothing more.
            return policy.Pins.Validate(chain, targetHost) is null ? CertificateFault.None : CertificateFault.PinMismatch;
        }
        if (policy.ChecksName && string.IsNullOrEmpty(targetHost) && policy.Callback is null)
        {
            return CertificateFault.NameMismatch;
        }
        return key is null ? JudgeWithCallback(certificates, targetHost) : JudgeAndKeep(certificates, targetHost, key, now);
    }

    private static bool TryLoad(IReadOnlyList<ReadOnlyMemory<byte>> chain, X509Certificate2Collection certificates)
    {
        try
        {
            foreach (ReadOnlyMemory<byte> encoded in chain)
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(encoded.Span));
            }
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private CertificateFault JudgeAndKeep(X509Certificate2Collection certificates, string? targetHost, byte[] key, DateTimeOffset now)
    {
        if (policy.ChecksName && !MatchesName(certificates[0], targetHost))
        {
            return CertificateFault.NameMismatch;
        }
        using X509Chain chain = CreateChain(certificates, now);
        if (!chain.Build(certificates[0]))
        {
            CertificateFault fault = CertificateFaults.Of(chain.ChainStatus);
            return fault == CertificateFault.None ? CertificateFault.BrokenChain : fault;
        }
        ValidatedChains.Shared.Add(key, chain, now);
        return CertificateFault.None;
    }

    private CertificateFault JudgeWithCallback(X509Certificate2Collection certificates, string? targetHost)
    {
        X509Certificate2 leaf = certificates[0];
        SslPolicyErrors errors = policy.ChecksName && !MatchesName(leaf, targetHost) ? SslPolicyErrors.RemoteCertificateNameMismatch : SslPolicyErrors.None;
        using X509Chain chain = CreateChain(certificates, policy.TimeProvider.GetUtcNow());
        if (!chain.Build(leaf))
        {
            errors |= SslPolicyErrors.RemoteCertificateChainErrors;
        }
        return AskCallback(leaf, chain, errors);
    }

    private CertificateFault AskCallback(X509Certificate2? leaf, X509Chain? chain, SslPolicyErrors errors)
    {
        try
        {
            return policy.Callback!(sender, leaf, chain, errors) ? CertificateFault.None : CertificateFault.RefusedByCallback;
        }
        catch (Exception e)
        {
            CallbackException = e;
            return CertificateFault.CallbackFailed;
        }
    }

    private static bool MatchesName(X509Certificate2 leaf, string? targetHost)
    {
        try
        {
            return !string.IsNullOrEmpty(targetHost) && leaf.MatchesHostname(targetHost, allowWildcards: true, allowCommonName: false);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // A subjectAltName that cannot be read, or a target that is no name.
            return false;
        }
    }

    private X509Chain CreateChain(X509Certificate2Collection certificates, DateTimeOffset now)
    {
        X509ChainPolicy chainPolicy = policy.ChainPolicy?.Clone() ?? new X509ChainPolicy();
        chainPolicy.RevocationMode = chainPolicy.RevocationMode == X509RevocationMode.Offline ? X509RevocationMode.Offline : X509RevocationMode.NoCheck;
        chainPolicy.DisableCertificateDownloads = true;
        chainPolicy.VerificationTimeIgnored = false;
        chainPolicy.VerificationTime = now.LocalDateTime;
        if (chainPolicy.ApplicationPolicy.Count == 0)
        {
            chainPolicy.ApplicationPolicy.Add(new Oid(policy.Usage));
        }
        for (int i = 1; i < certificates.Count; i++)
        {
            chainPolicy.ExtraStore.Add(certificates[i]);
        }
        return new X509Chain { ChainPolicy = chainPolicy };
    }
}
