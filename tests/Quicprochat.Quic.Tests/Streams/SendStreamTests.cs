using System.Text;
using Quicprochat.Quic.Streams;

namespace Quicprochat.Quic.Tests.Streams;

public sealed class SendStreamTests
{
    private static readonly (string Name, Action<SendStream> Do)[] _events =
    [
        ("send", stream => Send(stream, fin: false)),
        ("send end", stream => Send(stream, fin: true)),
        ("blocked", stream => stream.OnBlockedSent()),
        ("reset", stream => stream.Reset(7)),
        ("ack bytes", stream => stream.OnAcked(0, 10, fin: false)),
        ("ack all", stream => stream.OnAcked(0, 10, fin: true)),
        ("lose all", stream => stream.OnLost(0, 10, fin: true)),
        ("ack reset", stream => stream.OnResetAcked()),
        ("lose reset", stream => stream.OnResetLost()),
    ];

    private static readonly (string Name, Func<SendStream> Make)[] _states =
    [
        ("Ready", () => New()),
        ("Send", () => After(stream => Send(stream, fin: false))),
        ("DataSent", () => After(stream => Send(stream, fin: true))),
        ("ResetSent", () => After(stream => Send(stream, fin: false), stream => stream.Reset(7))),
        ("DataRecvd", () => After(stream => Send(stream, fin: true), stream => stream.OnAcked(0, 10, fin: true))),
        ("ResetRecvd", () => After(stream => stream.Reset(7), stream => stream.OnResetAcked())),
    ];

    [Fact]
    public void The_states_follow_each_other_as_in_the_figure_of_the_rfc()
    {
        // RFC 9000 §3.1, Figure 2. A dot: the state stays.
        const string Expected = """
            from       | send       | send end   | blocked    | reset      | ack bytes  | ack all    | lose all   | ack reset  | lose reset
            Ready      | Send       | DataSent   | Send       | ResetSent  | .          | .          | .          | .          | .
            Send       | .          | DataSent   | .          | ResetSent  | .          | .          | .          | .          | .
            DataSent   | .          | .          | .          | ResetSent  | .          | DataRecvd  | .          | .          | .
            ResetSent  | .          | .          | .          | .          | .          | .          | .          | ResetRecvd | .
            DataRecvd  | .          | .          | .          | .          | .          | .          | .          | .          | .
            ResetRecvd | .          | .          | .          | .          | .          | .          | .          | .          | .
            """;
        var table = new StringBuilder("from       | ").AppendJoin(" | ", _events.Select(e => e.Name.PadRight(10)));
        foreach ((string name, Func<SendStream> make) in _states)
        {
            table.Append('\n').Append(name.PadRight(10));
            foreach ((_, Action<SendStream> act) in _events)
            {
                SendStream stream = make();
                Assert.Equal(name, stream.State.ToString());
                act(stream);
                table.Append(" | ").Append((stream.State.ToString() == name ? "." : stream.State.ToString()).PadRight(10));
            }
        }

        Assert.Equal(Expected.ReplaceLineEndings("\n"), string.Join('\n', table.ToString().Split('\n').Select(line => line.TrimEnd())));
    }

    [Fact]
    public void A_write_is_cut_at_the_buffers_bound_and_resumes_with_room()
    {
        SendStream stream = New(maxData: 1000, bufferMax: 100);
        Assert.Equal(StreamWriteStatus.Partial, stream.Write(new byte[150], finish: true, out int taken));
        Assert.Equal(100, taken);
        Assert.False(stream.TakeWritable());
        Assert.True(stream.TryPeek(1000, 1000, out SendChunk chunk));
        Assert.Equal(new SendChunk(0, 100, Fin: false, IsNew: true), chunk);
        stream.Take(chunk, new byte[100]);
        stream.OnAcked(0, 24, fin: false);
        Assert.False(stream.TakeWritable());
        stream.OnAcked(24, 1, fin: false);
        Assert.True(stream.TakeWritable());
        Assert.False(stream.TakeWritable());
        Assert.Equal(StreamWriteStatus.Complete, stream.Write(new byte[25], finish: true, out _));
        Assert.Equal(StreamWriteStatus.Closed, stream.Write(new byte[1], finish: false, out _));
    }

    [Fact]
    public void The_end_alone_is_sent_and_repaired_without_credit()
    {
        SendStream stream = New(maxData: 0);
        stream.Write([], finish: true, out _);
        Assert.True(stream.HasRepair);
        Assert.True(stream.TryPeek(100, 0, out SendChunk end));
        Assert.Equal(new SendChunk(0, 0, Fin: true, IsNew: true), end);
        stream.Take(end, []);
        Assert.False(stream.HasRepair);
        stream.OnLost(0, 0, fin: true);
        Assert.True(stream.HasRepair);
        stream.OnAcked(0, 0, fin: true);
        Assert.Equal(SendState.DataRecvd, stream.State);
        Assert.False(stream.HasRepair);
    }

    [Fact]
    public void A_lost_piece_that_held_the_end_is_repaired_with_it()
    {
        SendStream stream = New();
        Send(stream, fin: true);
        stream.OnLost(0, 10, fin: true);
        Assert.True(stream.TryPeek(4, 0, out SendChunk first));
        Assert.Equal(new SendChunk(0, 4, Fin: false, IsNew: false), first);
        stream.Take(first, new byte[4]);
        Assert.True(stream.TryPeek(100, 0, out SendChunk rest));
        Assert.Equal(new SendChunk(4, 6, Fin: true, IsNew: false), rest);
    }

    [Fact]
    public void New_bytes_stay_within_both_limits()
    {
        SendStream stream = New(maxData: 60);
        stream.Write(new byte[100], finish: true, out _);
        Assert.True(stream.TryPeek(1000, 50, out SendChunk chunk));
        Assert.Equal(50, chunk.Length);
        stream.Take(chunk, new byte[50]);
        Assert.True(stream.TryPeek(1000, 50, out chunk));
        Assert.Equal((10, false), (chunk.Length, chunk.Fin));
        stream.Take(chunk, new byte[10]);
        Assert.True(stream.IsBlockedPending);
        Assert.False(stream.TryPeek(1000, 50, out _));
        stream.RaiseMaxData(50);
        Assert.Equal(60, stream.MaxData);
        stream.RaiseMaxData(100);
        Assert.False(stream.IsBlockedPending);
        Assert.True(stream.TryPeek(1000, 50, out chunk));
        Assert.Equal((40, true), (chunk.Length, chunk.Fin));
    }

    [Fact]
    public void Being_blocked_is_said_once_for_each_limit_and_again_only_when_lost()
    {
        SendStream stream = New(maxData: 10);
        stream.Write(new byte[100], finish: false, out _);
        Send(stream, fin: false);
        Assert.True(stream.IsBlockedPending);
        stream.OnBlockedSent();
        stream.Write(new byte[100], finish: false, out _);
        Assert.False(stream.IsBlockedPending);
        stream.OnBlockedLost(10);
        Assert.True(stream.IsBlockedPending);
        stream.OnBlockedSent();
        stream.RaiseMaxData(20);
        stream.OnBlockedLost(10);
        Assert.False(stream.IsBlockedPending);
    }

    [Fact]
    public void A_reset_frees_the_bytes_and_its_final_size_is_what_was_sent()
    {
        var memory = new StreamMemory();
        var stream = new SendStream(memory);
        stream.Start(1000, 1000);
        stream.Write(new byte[500], finish: true, out _);
        stream.TryPeek(120, 1000, out SendChunk chunk);
        stream.Take(chunk, new byte[120]);
        Assert.True(stream.Reset(9));
        Assert.Equal((120, 9, 0), (stream.FinalSize, stream.ResetCode, memory.SegmentsRented));
        stream.OnLost(0, 120, fin: false);
        stream.OnAcked(0, 120, fin: false);
        Assert.Equal(120, stream.FinalSize);
        Assert.False(stream.HasRepair || stream.Reset(10));
        Assert.Equal(StreamWriteStatus.Stopped, stream.Write(new byte[1], finish: false, out _));
    }

    private static SendStream New(long maxData = 1000, int bufferMax = 1000)
    {
        var stream = new SendStream(new StreamMemory());
        stream.Start(maxData, bufferMax);
        return stream;
    }

    private static SendStream After(params Action<SendStream>[] steps)
    {
        SendStream stream = New();
        foreach (Action<SendStream> step in steps)
        {
            step(stream);
        }

        return stream;
    }

    // Writes ten bytes, if it may, and sends everything.
    private static void Send(SendStream stream, bool fin)
    {
        stream.Write(stream.FinalSize == 0 ? new byte[10] : [], fin, out _);
        while (stream.Sendable > 0 || stream.HasRepair)
        {
            Assert.True(stream.TryPeek(1000, 1000, out SendChunk chunk));
            stream.Take(chunk, new byte[chunk.Length]);
        }
    }
}
