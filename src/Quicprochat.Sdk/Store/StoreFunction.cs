namespace Quicprochat.Sdk.Store;

/// <summary>A call with its result.</summary>
internal sealed class StoreFunction<T>(Func<StoreTransaction, T> function, bool writes, CancellationToken cancellationToken) : StoreCall(writes, cancellationToken)
{
    // Continuations must not run on the store's thread.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _completion.Task;

    public override void Run(StoreTransaction transaction) => _result = function(transaction);

    public override void Succeed() => _completion.TrySetResult(_result!);

    public override void Fail(Exception exception) => _completion.TrySetException(exception);

    public override void Cancel() => _completion.TrySetCanceled(CancellationToken);
}
