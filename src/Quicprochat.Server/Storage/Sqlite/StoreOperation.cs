namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>Something that a store's thread is to do for a caller.</summary>
internal abstract class StoreOperation
{
    /// <summary>Does it within a transaction. It may be done again if the transaction is taken back, and must then find everything as it was.</summary>
    public abstract void Run(Session session);

    /// <summary>Answers the caller.</summary>
    public abstract void Complete();

    /// <summary>Answers the caller that it could not be done.</summary>
    public abstract void Fail(Exception failure);

    /// <summary>Its turn has come; false when the caller gave up.</summary>
    public abstract bool TryStart(Session session);

    /// <summary>It no longer uses the session: giving up has no effect any more.</summary>
    public abstract void Finish();
}
