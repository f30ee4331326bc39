using System.Net;
using Quicprochat.Crypto;
using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.World;

namespace Quicprochat.Fuzz.Targets;

/// <summary>Address validation tokens: only those we sealed, as they are, are valid.</summary>
internal sealed class TokensTarget : IFuzzTarget
{
    private const long Now = 1_000 * SimClock.Second;

    private static readonly Address _remote = Address.From(IPAddress.Parse("192.0.2.1"), 1_234);

    private readonly AddressTokenKey _key = new(CryptoProvider.Default, new byte[AddressTokenKey.KeySize]);
    private readonly HashSet<string> _ours;

    public TokensTarget()
    {
        var random = new SeededRandom(1);
        Corpus =
        [
            Seal(new AddressToken(AddressTokenKind.Retry, _remote, Now) { OriginalDestination = ConnectionId.Draw(random, 20), RetrySource = ConnectionId.Draw(random, 8) }, random),
            Seal(new AddressToken(AddressTokenKind.Retry, _remote, Now) { OriginalDestination = ConnectionId.Draw(random, 8), RetrySource = ConnectionId.Draw(random, 8) }, random),
            Seal(new AddressToken(AddressTokenKind.NewToken, _remote, Now), random),
        ];
        _ours = [.. Corpus.Select(Convert.ToHexString)];
    }

    public string Name => "tokens";

    public IReadOnlyList<byte[]> Corpus { get; }

    public void Run(ReadOnlySpan<byte> input)
    {
        AddressTokenStatus status = _key.Open(input, _remote, Now, out _);
        Assert.Equal(_ours.Contains(Convert.ToHexString(input)), status == AddressTokenStatus.Valid);
    }

    public void Dispose() => _key.Dispose();

    private byte[] Seal(AddressToken token, SeededRandom random)
    {
        byte[] buffer = new byte[AddressTokenKey.TokenSizeMax];
        return buffer[.._key.Seal(token, random, buffer)];
    }
}
