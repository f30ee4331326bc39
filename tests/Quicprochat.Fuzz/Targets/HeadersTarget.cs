using Quicprochat.Crypto;
using Quicprochat.Quic.Packets;

namespace Quicprochat.Fuzz.Targets;

/// <summary>Everything that is read of a datagram before any key: headers of all kinds, Version Negotiation, Retry, stateless reset.</summary>
internal sealed class HeadersTarget : IFuzzTarget
{
    private const int LocalIdLength = 8;

    public string Name => "headers";

    public IReadOnlyList<byte[]> Corpus { get; } = RecordedHandshake.Instance.Datagrams;

    public void Run(ReadOnlySpan<byte> input)
    {
        DatagramRouting.TryReadDestination(input, LocalIdLength, out _);
        if (InvariantHeader.TryRead(input, out InvariantHeader invariant))
        {
            Assert.InRange(invariant.Size, 7, input.Length);
            if (VersionNegotiationPacket.TryRead(input, invariant, out VersionNegotiationPacket negotiation))
            {
                Assert.InRange(negotiation.Count, 1, input.Length / 4);
                negotiation.Contains(QuicVersion.V1);
            }
        }
        if (LongHeader.TryRead(input, out LongHeader header))
        {
            // The next coalesced packet begins behind this one, and not before its header.
            Assert.InRange(header.PacketSize, 7, input.Length);
            Assert.InRange(header.PacketNumberOffset, 0, header.PacketSize);
            if (header.Type == LongPacketType.Retry)
            {
                RetryIntegrity.IsValid(CryptoProvider.Default, input, header.Destination);
            }
        }
        ShortHeader.TryRead(input, LocalIdLength, out _);
        StatelessReset.TryReadToken(input, out _);
    }
}
