using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Quicprochat.Quic;
using Quicprochat.Transport.Sockets;

namespace Quicprochat.Transport.Loop;

/// <summary>
/// The one thread that owns a socket, its <see cref="Endpoint"/> and all their connections. A turn takes a bounded number of datagrams, runs what other threads asked for,
/// runs timers, takes events and sends; between turns it sleeps until there is something to do. A simulation calls <see cref="Turn"/> itself and never <see cref="Start"/>.
/// </summary>
internal sealed class EndpointLoop
{
    /// <summary>Datagrams of one turn, empty ones too; what one receive joined is not taken apart.</summary>
    private const int DatagramsMax = 64;

    /// <summary>Work items of one turn.</summary>
    private const int WorkMax = 512;

    /// <summary>Full send batches of one turn.</summary>
    private const int BatchesMax = 8;

    /// <summary>Turns after which whoever waits for something to be sent waits no more, though there is always something else to send.</summary>
    private const int AfterSendTurnsMax = 256;

    private readonly ILoopOwner _owner;
    private readonly LoopClock _clock;
    private readonly ILogger _log;
    private readonly ConcurrentQueue<ILoopWork> _work = new();
    private readonly ReceiveBatch _received = new(LinuxUdpSocket.ReceiveSlots);
    private readonly SendBatch _sending = new();
    private readonly List<TaskCompletionSource> _afterSend = [];
    private readonly TaskCompletionSource _ended;
    private IUdpSocket _socket;
    private int _nextReceived;
    private bool _sendBlocked;
    private bool _stopping;
    private int _busyTurns;
    private int _sleeping;
    private int _hasEnded;

    public EndpointLoop(ILoopOwner owner, Endpoint core, IUdpSocket socket, LoopClock clock, ILogger log, bool staysOnThread)
    {
        _owner = owner;
        Core = core;
        _socket = socket;
        _clock = clock;
        _log = log;
        StaysOnThread = staysOnThread;
        _ended = new TaskCompletionSource(Continuations);
    }

    public Endpoint Core { get; }

    /// <summary>
    /// True in a simulation, where all there is runs on one thread: what waits is then continued by that thread. Otherwise the loop's thread continues nobody; the pool does,
    /// or whatever context waits.
    /// </summary>
    public bool StaysOnThread { get; }

    /// <summary>For every task that the loop completes.</summary>
    public TaskCreationOptions Continuations => StaysOnThread ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously;

    /// <summary>The socket; changed by <see cref="Replace"/>.</summary>
    public IUdpSocket Socket => Volatile.Read(ref _socket);

    /// <summary>Microseconds on the loop's clock.</summary>
    public long Now => _clock.Now;

    /// <summary>True when the loop was stopped and has nothing more to send: <see cref="End"/> is to follow.</summary>
    public bool HasStopped { get; private set; }

    /// <summary>Completes when the thread has ended and the socket is closed.</summary>
    public Task Ended => _ended.Task;

    /// <summary>For reads into nobody's memory; the loop's thread only.</summary>
    public byte[] Scratch { get; } = GC.AllocateUninitializedArray<byte>(64 << 10);

    public void Start() => new Thread(Run) { IsBackground = true, Name = $"quic {Socket.LocalAddress}" }.Start();

    /// <summary>Has the loop run <paramref name="work"/>. From any thread; never waits.</summary>
    public void Post(ILoopWork work)
    {
        _work.Enqueue(work);
        // Between the enqueue and the look at _sleeping, as in Sleep between the note and the look at the queue: one of both sees the other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sleeping) != 0 && Interlocked.Exchange(ref _sleeping, 0) != 0)
        {
            Socket.Wake();
        }
        if (Volatile.Read(ref _hasEnded) != 0)
        {
            RejectAll();
        }
    }

    /// <summary>On the loop: completes when everything there is to send now has been given to the socket, or the loop has been too busy for that for long.</summary>
    public void AfterSend(TaskCompletionSource waiter) => _afterSend.Add(waiter);

    /// <summary>On the loop: goes on with another socket.</summary>
    public void Replace(IUdpSocket socket)
    {
        IUdpSocket old = _socket;
        Volatile.Write(ref _socket, socket);
        _sendBlocked = false;
        old.Dispose();
    }

    /// <summary>On the loop: ends it as soon as everything there is to send has been given to the socket.</summary>
    public void Stop()
    {
        _stopping = true;
        _busyTurns = 0;
    }

    /// <summary>One turn. True when there is more to do at once.</summary>
    /// <param name="readable">True when there may be something to read.</param>
    public bool Turn(bool readable)
    {
        // Those who wait in a context are continued through it, not in the middle of a turn; there is none on the loop's own thread.
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        bool more = TurnOnce(readable);
        SynchronizationContext.SetSynchronizationContext(context);
        return more;
    }

    /// <summary>Notes that the loop is about to sleep. The time to sleep until, or 0 when there is work.</summary>
    public long PrepareSleep()
    {
        Volatile.Write(ref _sleeping, 1);
        Interlocked.MemoryBarrier();
        return _work.IsEmpty ? Core.NextTimeout : 0;
    }

    /// <summary>Closes the socket and tells everyone that the loop has ended.</summary>
    public void End()
    {
        _owner.HandleEnd();
        _socket.Dispose();
        Core.Dispose();
        Volatile.Write(ref _hasEnded, 1);
        Interlocked.MemoryBarrier();
        RejectAll();
        CompleteAfterSend();
        _ended.TrySetResult();
    }

    private void Run()
    {
        try
        {
            bool readable = false;
            while (true)
            {
                bool more = Turn(readable);
                if (HasStopped)
                {
                    return;
                }
                readable = more || Sleep();
            }
        }
        catch (Exception e)
        {
            // Not reached unless this loop itself is wrong: its connections cannot go on without it.
            Log.LoopFailed(_log, e);
        }
        finally
        {
            End();
        }
    }

    private bool TurnOnce(bool readable)
    {
        Volatile.Write(ref _sleeping, 0);
        bool more = Receive(readable);
        more |= RunWork();
        RunTimers();
        bool settled = Settle();
        if (settled || ++_busyTurns > AfterSendTurnsMax)
        {
            CompleteAfterSend();
            _busyTurns = 0;
            HasStopped = _stopping;
        }
        return more || (!settled && !_sendBlocked);
    }

    private bool Sleep()
    {
        long until = PrepareSleep();
        long timeout = until == long.MaxValue ? 60_000_000 : until - _clock.Now;
        bool readable = timeout <= 0 || _socket.Wait(Math.Min(timeout, 60_000_000), _sendBlocked);
        Volatile.Write(ref _sleeping, 0);
        return readable;
    }

    private bool Receive(bool readable)
    {
        if (_nextReceived == _received.Count)
        {
            _nextReceived = 0;
            _received.Clear();
            if (!readable)
            {
                return false;
            }
            _socket.Receive(_received);
        }
        long now = _clock.Now;
        for (int taken = 0; taken < DatagramsMax && _nextReceived < _received.Count; _nextReceived++)
        {
            taken += Handle(now, in _received[_nextReceived]);
        }
        return _nextReceived < _received.Count || _received.IsFull;
    }

    /// <summary>Takes apart what the system joined; returns how many datagrams it was.</summary>
    private int Handle(long now, in ReceivedMessage message)
    {
        Span<byte> rest = _received.Payload(in message);
        NetworkPath path = message.Path;
        int count = 0;
        do
        {
            Span<byte> datagram = rest[..Math.Min(message.SegmentSize, rest.Length)];
            rest = rest[datagram.Length..];
            count++;
            try
            {
                Core.HandleDatagram(now, in path, message.Ecn, datagram);
            }
            catch (Exception e)
            {
                // The endpoint catches what goes wrong in a connection; this is for the endpoint itself.
                Log.DatagramFailed(_log, e);
            }
        }
        while (!rest.IsEmpty);
        return count;
    }

    private bool RunWork()
    {
        for (int done = 0; done < WorkMax && _work.TryDequeue(out ILoopWork? work); done++)
        {
            try
            {
                work.Run(_clock.Now);
            }
            catch (Exception e)
            {
                Fault(work.Connection, e);
            }
        }
        return !_work.IsEmpty;
    }

    private void RunTimers()
    {
        long now = _clock.Now;
        if (Core.NextTimeout <= now)
        {
            Core.HandleTimeout(now);
        }
    }

    /// <summary>Events make datagrams (a stream that can be written again) and sending makes events. True when both are done with.</summary>
    private bool Settle()
    {
        for (int batches = 0; batches < BatchesMax;)
        {
            bool events = TakeEvents();
            int sent = Send(ref batches);
            if (_sendBlocked)
            {
                return false;
            }
            if (!events && sent == 0)
            {
                return true;
            }
        }
        return false;
    }

    private bool TakeEvents()
    {
        bool any = false;
        while (Core.TryTakeReady(out Connection? ready))
        {
            any = true;
            QuicConnection connection = ready.Tag as QuicConnection ?? _owner.HandleNew(ready);
            try
            {
                connection.HandleEvents(_clock.Now);
            }
            catch (Exception e)
            {
                Fault(connection, e);
            }
        }
        return any;
    }

    private int Send(ref int batches)
    {
        int sent = 0;
        bool more = true;
        while (more && batches < BatchesMax)
        {
            if (!_sending.IsEmpty && !_socket.Send(_sending))
            {
                _sendBlocked = true;
                return sent;
            }
            _sendBlocked = false;
            long now = _clock.Now;
            while (_sending.HasRoom && (more = Core.TryTakeTransmit(now, _sending.Free, out Transmit transmit)))
            {
                _sending.Add(in transmit);
                sent++;
            }
            batches++;
        }
        if (!_sending.IsEmpty)
        {
            _sendBlocked = !_socket.Send(_sending);
        }
        return sent;
    }

    private void CompleteAfterSend()
    {
        foreach (TaskCompletionSource waiter in _afterSend)
        {
            waiter.TrySetResult();
        }
        _afterSend.Clear();
    }

    /// <summary>Our own bug, in one connection: that one ends, the others do not notice.</summary>
    private void Fault(QuicConnection? connection, Exception exception)
    {
        try
        {
            if (connection is null)
            {
                Log.WorkFailed(_log, exception);
            }
            else
            {
                connection.HandleFault(_clock.Now, exception);
            }
        }
        catch (Exception)
        {
            // The application's logger throws: its own affair, and no reason to stop.
        }
    }

    private void RejectAll()
    {
        while (_work.TryDequeue(out ILoopWork? work))
        {
            work.Reject();
        }
    }
}
