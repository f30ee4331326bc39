namespace Quicprochat.Crypto.Hpke;

/// <summary>A pre-shared key and its name (RFC 9180 §5.1.2). The default value is no key: base mode.</summary>
public readonly ref struct HpkePsk
{
    private const int SizeMin = 32;

    /// <summary>Takes the key and its name, both borrowed.</summary>
    /// <exception cref="ArgumentException">
    /// The key is shorter than 32 bytes, so that it cannot have the entropy needed (RFC 9180 §9.5), or has no name (RFC 9180 §5.1).
    /// </exception>
    public HpkePsk(ReadOnlySpan<byte> key, ReadOnlySpan<byte> id)
    {
        if (key.Length < SizeMin)
        {
            throw new ArgumentException("A pre-shared key has at least 32 bytes.", nameof(key));
        }

        if (id.IsEmpty)
        {
            throw new ArgumentException("A pre-shared key has a name.", nameof(id));
        }

        Key = key;
        Id = id;
    }

    /// <summary>The key (psk); empty in base mode.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>Its name (psk_id); empty in base mode.</summary>
    public ReadOnlySpan<byte> Id { get; }

    /// <summary>True when there is none.</summary>
    public bool IsEmpty => Key.IsEmpty;
}
