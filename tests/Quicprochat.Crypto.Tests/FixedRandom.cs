namespace Quicprochat.Crypto.Tests;

/// <summary>Hands out the bytes of a test vector, in order.</summary>
internal sealed class FixedRandom(byte[] bytes) : IRandomSource
{
    private int _used;

    public int Left => bytes.Length - _used;

    public void Fill(Span<byte> destination)
    {
        bytes.AsSpan(_used, destination.Length).CopyTo(destination);
        _used += destination.Length;
    }
}
