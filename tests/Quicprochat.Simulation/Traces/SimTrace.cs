using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Quicprochat.Quic;
using Quicprochat.Simulation.Network;
using Quicprochat.Simulation.World;

namespace Quicprochat.Simulation.Traces;

/// <summary>
/// One line for each datagram and event. A hash over all of them, bytes included, says whether two runs were the same; the last lines, or all where QPC_TRACE names a file, are kept to be read.
/// </summary>
internal sealed class SimTrace
{
    private const int KeptLines = 60;

    private readonly SimClock _clock;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<Func<string>> _tail = new();
    private readonly List<string>? _all = Environment.GetEnvironmentVariable(SimSeed.TraceVariable) is null ? null : [];

    public SimTrace(SimClock clock) => _clock = clock;

    /// <summary>Lines written.</summary>
    public long Count { get; private set; }

    /// <summary>Hash of everything traced so far.</summary>
    public string Hash => Convert.ToHexString(_hash.GetCurrentHash());

    /// <summary>A datagram was sent, delivered or dropped (<paramref name="what"/>).</summary>
    public void Add(string what, SimDatagram datagram)
    {
        HashLine(what, datagram.Payload);
        long time = _clock.Elapsed;
        Address source = datagram.Source;
        Address destination = datagram.Destination;
        Keep(() => $"{Stamp(time)} {what,-9} #{datagram.Id} {source} > {destination} {datagram.Length} B{EcnText(datagram.Ecn)} {datagram.Content}");
    }

    /// <summary>Anything else.</summary>
    public void Add(string who, string what)
    {
        HashLine(who + " " + what, []);
        long time = _clock.Elapsed;
        Keep(() => $"{Stamp(time)} {who,-9} {what}");
    }

    /// <summary>The last lines.</summary>
    public string Tail() => string.Join(Environment.NewLine, _tail.Select(line => line()));

    /// <summary>Writes all lines to the file of QPC_TRACE, if it is set.</summary>
    public void Keep(ulong seed)
    {
        if (_all is not null)
        {
            File.WriteAllLines(Environment.GetEnvironmentVariable(SimSeed.TraceVariable)!, _all.Prepend($"seed {seed}"));
        }
    }

    private static string Stamp(long time) => string.Create(CultureInfo.InvariantCulture, $"{time / SimClock.Second,4}.{time % SimClock.Second:000000}");

    private static string EcnText(Ecn ecn) => ecn == Ecn.NotEct ? "" : " " + ecn;

    private void HashLine(string what, ReadOnlySpan<byte> payload)
    {
        Count++;
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(head, _clock.Now);
        _hash.AppendData(head);
        _hash.AppendData(Encoding.UTF8.GetBytes(what));
        _hash.AppendData(payload);
    }

    private void Keep(Func<string> line)
    {
        _all?.Add(line());
        _tail.Enqueue(line);
        if (_tail.Count > KeptLines)
        {
            _tail.Dequeue();
        }
    }
}
