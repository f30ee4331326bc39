namespace Quicprochat.Sdk.Store;

/// <summary>A function that waits for its transaction.</summary>
internal abstract class StoreCall(bool writes, CancellationToken cancellationToken)
{
    public bool Writes => writes;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Runs the function and keeps its result.</summary>
    public abstract void Run(StoreTransaction transaction);

    /// <summary>Hands the result out: all is on disk.</summary>
    public abstract void Succeed();

    public abstract void Fail(Exception exception);

    public abstract void Cancel();
}
