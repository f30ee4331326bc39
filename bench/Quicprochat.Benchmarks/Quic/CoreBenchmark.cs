using System.Globalization;
using Quicprochat.Quic;
using Quicprochat.Quic.Tls;

namespace Quicprochat.Benchmarks.Quic;

/// <summary>What the state machine costs without a system below it: a transfer, handshakes, calls, idle connections. All times are CPU time.</summary>
internal static class CoreBenchmark
{
    public static int Run(string[] arguments)
    {
        int scale = arguments.Contains("quick") ? 1 : 5;
        string? only = arguments.FirstOrDefault(static argument => argument != "quick");
        Console.WriteLine("| two endpoints in memory on one thread | |");
        Console.WriteLine("|---|---:|");
        Section("transfer", () => Transfer(scale * 100_000_000));
        Section("handshakes", () =>
        {
            Handshakes(TlsGroup.X25519MLKEM768, scale * 300);
            Handshakes(TlsGroup.X25519, scale * 300);
        });
        Section("calls", () =>
        {
            Calls(1, scale * 20_000);
            Calls(256, scale * 500);
        });
        Section("idle", () => IdleMemory(1000));
        return 0;

        void Section(string name, Action measure)
        {
            if (only is null || only == name)
            {
                measure();
            }
        }
    }

    private static void Transfer(int bytes)
    {
        using var pair = new CorePair();
        Connection client = pair.Establish(TlsGroup.X25519);
        Connection server = pair.Accepted!;
        client.TryOpenStream(StreamType.Bidirectional, out StreamId id);
        byte[] chunk = new byte[256 << 10];
        byte[] sink = new byte[256 << 10];
        Move(40_000_000);

        (long Client, long Server) before = (pair.ClientNanoseconds, pair.ServerNanoseconds);
        long packetsBefore = client.Statistics.PacketsSent;
        long acksBefore = server.Statistics.PacketsSent;
        long allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        (double writing, double reading) = Move(bytes);
        double allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        double packets = client.Statistics.PacketsSent - packetsBefore;
        double acks = server.Statistics.PacketsSent - acksBefore;
        double sender = pair.ClientNanoseconds - before.Client + writing;
        double receiver = pair.ServerNanoseconds - before.Server + reading;

        Row("transfer, MB for a CPU second of the sender", $"{bytes * 1e3 / sender:f0}");
        Row("transfer, MB for a CPU second of the receiver", $"{bytes * 1e3 / receiver:f0}");
        Row("sender, µs for each packet it sends", $"{sender / packets / 1e3:f2}");
        Row("receiver, µs for each packet it gets", $"{receiver / packets / 1e3:f2}");
        Row("packets sent for each that comes back", $"{packets / acks:f1}");
        Row("bytes allocated for each packet, both ends", $"{allocated / packets:f1}");

        (double Writing, double Reading) Move(int count)
        {
            long reads = 0;
            long writes = 0;
            int written = 0;
            int read = 0;
            while (read < count)
            {
                long start = ThreadClock.Nanoseconds;
                int taken = 1;
                while (written < count && taken > 0)
                {
                    client.Write(id, chunk.AsSpan(0, Math.Min(chunk.Length, count - written)), false, out taken);
                    written += taken;
                }
                writes += ThreadClock.Nanoseconds - start;
                pair.Exchange();
                start = ThreadClock.Nanoseconds;
                while (server.Read(pair.Now, id, sink, out int got, out _) == StreamReadStatus.Data && got > 0)
                {
                    read += got;
                }
                reads += ThreadClock.Nanoseconds - start;
            }
            return (writes, reads);
        }
    }

    private static void Handshakes(TlsGroup group, int count)
    {
        using var pair = new CorePair();
        One(100);
        (long client, long server) = (pair.ClientNanoseconds, pair.ServerNanoseconds);
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        One(count);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        client = pair.ClientNanoseconds - client;
        server = pair.ServerNanoseconds - server;
        Row($"handshakes with {group} for a CPU second of both ends", $"{count * 1e9 / (client + server):f0}");
        Row($"  client, µs", $"{client / 1e3 / count:f0}");
        Row($"  server, µs", $"{server / 1e3 / count:f0}");
        Row($"  kB allocated, both ends", $"{allocated / 1e3 / count:f0}");

        void One(int times)
        {
            for (int i = 0; i < times; i++)
            {
                Connection connection = pair.Establish(group);
                connection.Close(pair.Now, 0, "");
                while (pair.Client.ConnectionCount > 0 || pair.Server.ConnectionCount > 0)
                {
                    pair.Exchange();
                }
            }
        }
    }

    /// <summary>64 bytes to and fro on each of some streams, all at once.</summary>
    private static void Calls(int streams, int rounds)
    {
        using var pair = new CorePair();
        Connection client = pair.Establish(TlsGroup.X25519);
        byte[] message = new byte[64];
        StreamId[] ids = new StreamId[streams];
        for (int i = 0; i < streams; i++)
        {
            client.TryOpenStream(StreamType.Bidirectional, out ids[i]);
        }
        int answered = 0;
        pair.OnEvent = Answer;
        Play(rounds / 5);
        (long clientBefore, long serverBefore, long allocated) = (pair.ClientNanoseconds, pair.ServerNanoseconds, GC.GetAllocatedBytesForCurrentThread());
        long start = ThreadClock.Nanoseconds;
        Play(rounds);
        double total = ThreadClock.Nanoseconds - start;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        double calls = (double)streams * rounds;
        Row($"64-byte calls on {streams} streams, µs for each, both ends", $"{total / calls / 1e3:f2}");
        Row($"  bytes allocated, both ends", $"{allocated / calls:f0}");

        void Play(int times)
        {
            for (int i = 0; i < times; i++)
            {
                answered = 0;
                foreach (StreamId id in ids)
                {
                    client.Write(id, message, false, out _);
                }
                while (answered < streams * message.Length)
                {
                    pair.Exchange();
                }
            }
        }

        void Answer(Connection connection, ConnectionEvent happened)
        {
            if (happened.Kind is not (ConnectionEventKind.StreamReadable or ConnectionEventKind.StreamOpened))
            {
                return;
            }
            Span<byte> got = stackalloc byte[256];
            while (connection.Read(pair.Now, happened.Stream, got, out int count, out _) == StreamReadStatus.Data && count > 0)
            {
                if (connection.Side == Side.Server)
                {
                    connection.Write(happened.Stream, got[..count], false, out _);
                }
                else
                {
                    answered += count;
                }
            }
        }
    }

    private static void IdleMemory(int count)
    {
        using var pair = new CorePair();
        pair.Establish(TlsGroup.X25519MLKEM768);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < count; i++)
        {
            pair.Establish(TlsGroup.X25519MLKEM768);
        }
        double each = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / count / 2;
        Row("idle connection, kB of managed heap at one end", $"{each / 1e3:f1}");
        GC.KeepAlive(pair);
    }

    private static void Row(string what, FormattableString value) =>
        Console.WriteLine($"| {what} | {value.ToString(CultureInfo.InvariantCulture)} |");
}
