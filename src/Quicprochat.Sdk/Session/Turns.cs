namespace Quicprochat.Sdk.Session;

#pragma warning disable CA1001 // The semaphore has no handle unless somebody asks for one: nothing is left when it is collected.
/// <summary>One at a time.</summary>
internal sealed class Turns
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);

    /// <summary>Waits for the turn; disposing the result gives it on.</summary>
    public async ValueTask<Turn> TakeAsync(CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken);
        return new Turn(_semaphore);
    }

    /// <summary>The turn, while it is held.</summary>
    public readonly record struct Turn(SemaphoreSlim Semaphore) : IDisposable
    {
        public void Dispose() => Semaphore.Release();
    }
}
