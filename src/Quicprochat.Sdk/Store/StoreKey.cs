namespace Quicprochat.Sdk.Store;

/// <summary>What opens a store.</summary>
public abstract class StoreKey
{
}
