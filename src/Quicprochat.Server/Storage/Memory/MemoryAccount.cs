namespace Quicprochat.Server.Storage.Memory;

/// <summary>An account.</summary>
/// <param name="first">Version 1 of its list.</param>
internal sealed class MemoryAccount(NewDeviceList first)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = first.Account;

    /// <summary>Its key.</summary>
    public byte[] Key { get; } = first.AccountKey.ToArray();

    /// <summary>All versions of its list.</summary>
    public List<SignedList> Lists { get; } = [];

    /// <summary>Devices that are or were on it.</summary>
    public List<MemoryDevice> Devices { get; } = [];

    /// <summary>The account as others see it.</summary>
    public AccountRecord Record => new(Name, Key, Lists[^1]);

    /// <summary>True when the very same list is there as this version.</summary>
    public bool Has(SignedList list) => Lists.Exists(known => known.Version == list.Version && known.List.Span.SequenceEqual(list.List.Span));
}
