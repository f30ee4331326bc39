using Quicprochat.Quic;
using Quicprochat.Quic.Packets;
using Quicprochat.Simulation.Hosts;
using Quicprochat.Simulation.Wire;

namespace Quicprochat.Simulation.Operations;

/// <summary>
/// Reads every packet on the wire and checks what no application can see: limits are kept (RFC 9000 §4), packet numbers rise (RFC 9000 §12.3),
/// a stream's bytes are the same whenever they are sent again, and its end does not move (RFC 9000 §4.5).
/// </summary>
internal sealed class FlowMonitor
{
    private readonly Scenario _scenario;
    private readonly Dictionary<(ObservedConnection, Side, WirePacketKind, ConnectionId Source), long> _numbers = [];
    private readonly Dictionary<(ObservedConnection, Side), Limits> _limits = [];

    public FlowMonitor(WireObserver observer, Scenario scenario)
    {
        _scenario = scenario;
        observer.Observed += Observe;
    }

    private void Observe(WirePacket packet)
    {
        if (packet.Connection is not { } connection)
        {
            return;
        }
        // A repeated first Initial may give the client a second server, of which it hears only the first: they differ in their source id.
        (ObservedConnection, Side, WirePacketKind, ConnectionId) space = (connection, packet.Sender, packet.Kind, packet.Source);
        long last = _numbers.GetValueOrDefault(space, -1);
        Assert.True(packet.PacketNumber > last, $"{packet.Sender} sent {packet} after number {last}.");
        _numbers[space] = packet.PacketNumber;
        Limits own = Of(connection, packet.Sender);
        Limits peers = Of(connection, packet.Sender == Side.Client ? Side.Server : Side.Client);
        foreach (WireFrame frame in packet.Frames)
        {
            own.Announce(frame);
            peers.Check(frame, packet.Sender);
        }
    }

    /// <summary>What <paramref name="receiver"/> lets the other end send.</summary>
    private Limits Of(ObservedConnection connection, Side receiver)
    {
        if (!_limits.TryGetValue((connection, receiver), out Limits? limits))
        {
            limits = new Limits(receiver == Side.Client ? _scenario.ClientTransport : _scenario.ServerTransport);
            _limits.Add((connection, receiver), limits);
        }
        return limits;
    }

    private sealed class Limits(TransportOptions announced)
    {
        private readonly Dictionary<long, long> _maxStreamData = [];
        private readonly Dictionary<long, long> _highest = [];
        private readonly Dictionary<long, long> _finalSize = [];
        private long _maxData = announced.ConnectionWindow;
        private long _maxBidi = announced.MaxInboundBidirectionalStreams;
        private long _maxUni = announced.MaxInboundUnidirectionalStreams;

        public void Announce(WireFrame frame)
        {
            switch (frame.Type)
            {
                case WireFrame.MaxData:
                    _maxData = Math.Max(_maxData, frame.Value);
                    break;
                case WireFrame.MaxStreamData:
                    _maxStreamData[frame.StreamId] = Math.Max(MaxStreamData(frame.StreamId), frame.Value);
                    break;
                case WireFrame.MaxStreamsBidi:
                    _maxBidi = Math.Max(_maxBidi, frame.Value);
                    break;
                case WireFrame.MaxStreamsUni:
                    _maxUni = Math.Max(_maxUni, frame.Value);
                    break;
            }
        }

        public void Check(WireFrame frame, Side sender)
        {
            if (frame.IsStream)
            {
                Assert.True(Pattern.Matches(frame.Data.Span, ConnectionModel.Text(new StreamId(frame.StreamId), sender), frame.Value), $"{frame} does not hold the stream's bytes.");
                CheckEnd(frame, frame.Value + frame.Data.Length, isFinal: frame.Fin, sender);
            }
            else if (frame.Type == WireFrame.ResetStream)
            {
                CheckEnd(frame, frame.Value, isFinal: true, sender);
            }
        }

        private void CheckEnd(WireFrame frame, long end, bool isFinal, Side sender)
        {
            var stream = new StreamId(frame.StreamId);
            if (stream.Initiator == sender)
            {
                Assert.True(stream.Index < (stream.Type == StreamType.Bidirectional ? _maxBidi : _maxUni), $"{frame} is beyond the stream limit.");
            }
            Assert.True(end <= MaxStreamData(frame.StreamId), $"{frame} is beyond {MaxStreamData(frame.StreamId)}.");
            _highest[frame.StreamId] = Math.Max(end, _highest.GetValueOrDefault(frame.StreamId));
            Assert.True(_highest.Values.Sum() <= _maxData, $"{frame} is beyond the connection's {_maxData}.");
            if (_finalSize.TryGetValue(frame.StreamId, out long finalSize))
            {
                Assert.True(isFinal ? end == finalSize : end <= finalSize, $"{frame} moves the end of {finalSize}.");
            }
            else if (isFinal)
            {
                Assert.True(end >= _highest[frame.StreamId], $"{frame} ends before what was sent.");
                _finalSize.Add(frame.StreamId, end);
            }
        }

        private long MaxStreamData(long stream) => _maxStreamData.GetValueOrDefault(stream, announced.StreamWindow);
    }
}
