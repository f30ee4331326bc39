namespace Quicprochat.Server.Storage;

/// <summary>The id of a group, compared by its bytes. The caller bounds its length.</summary>
internal readonly struct GroupId : IEquatable<GroupId>
{
    private readonly byte[]? _bytes;

    /// <summary>A copy of these bytes.</summary>
    public GroupId(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>The bytes, for who needs them for longer.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <inheritdoc/>
    public bool Equals(GroupId other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GroupId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // Seeded for each process: nobody can choose ids that collide.
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>True when the bytes are the same.</summary>
    public static bool operator ==(GroupId left, GroupId right) => left.Equals(right);

    /// <summary>True when the bytes are not the same.</summary>
    public static bool operator !=(GroupId left, GroupId right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => Convert.ToHexStringLower(Span);
}
