namespace Quicprochat.Crypto;

/// <summary>Where random bytes come from: passed in, so that a simulation is replayed from its seed.</summary>
public interface IRandomSource
{
    /// <summary>Fills <paramref name="destination"/> with unpredictable bytes.</summary>
    void Fill(Span<byte> destination);
}
