using Quicprochat.Crypto;

namespace Quicprochat.Sdk.Conversations;

/// <summary>Makes ids of messages that only grow, also when the clock stands still or is set back.</summary>
internal sealed class MessageIdSource(TimeProvider time, IRandomSource random)
{
    private const int CounterMax = 0xfff;

    private readonly Lock _lock = new();
    private long _milliseconds;
    private int _counter;

    public MessageId Next()
    {
        lock (_lock)
        {
            long now = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (now > _milliseconds)
            {
                (_milliseconds, _counter) = (now, 0);
            }
            else if (_counter < CounterMax)
            {
                _counter++;
            }
            else
            {
                (_milliseconds, _counter) = (_milliseconds + 1, 0);
            }
            return MessageId.Create(_milliseconds, _counter, random);
        }
    }
}
