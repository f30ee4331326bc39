using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Quicprochat.Crypto.Hash;

namespace Quicprochat.Quic.Tls.BouncyCastle;

/// <summary>A running hash of the transcript, by <see cref="HashFunction"/>.</summary>
internal sealed class EngineHash(EngineCrypto crypto, HashFunction hash) : TlsHash, IDisposable
{
    private IncrementalHash? _running;

    public void Update(byte[] input, int inOff, int length) => Update(input.AsSpan(inOff, length));

    public void Update(ReadOnlySpan<byte> input) => (_running ??= hash.CreateIncremental()).Append(input);

    public byte[] CalculateHash()
    {
        byte[] digest = Current();
        Reset();
        return digest;
    }

    /// <summary>
    /// BouncyCastle clones a transcript only to read its hash. Where it still keeps the transcript itself, before the suite is known, the clone
    /// is of an empty hash and is given the transcript; afterwards the clone is the hash and nothing else.
    /// </summary>
    public TlsHash CloneHash() => _running is null ? crypto.Own(new EngineHash(crypto, hash)) : new Snapshot(Current());

    public void Reset() => Dispose();

    public void Dispose()
    {
        _running?.Dispose();
        _running = null;
    }

    private byte[] Current()
    {
        var digest = new byte[hash.Size];
        if (_running is null)
        {
            hash.Compute([], digest);
        }
        else
        {
            _running.Current(digest);
        }

        return digest;
    }

    private sealed class Snapshot(byte[] digest) : TlsHash
    {
        public byte[] CalculateHash() => digest;

        public TlsHash CloneHash() => this;

        public void Update(byte[] input, int inOff, int length) => throw new TlsFatalAlert(AlertDescription.internal_error);

        public void Update(ReadOnlySpan<byte> input) => throw new TlsFatalAlert(AlertDescription.internal_error);

        public void Reset() => throw new TlsFatalAlert(AlertDescription.internal_error);
    }
}
