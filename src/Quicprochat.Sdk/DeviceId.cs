using System.Diagnostics.CodeAnalysis;

namespace Quicprochat.Sdk;

/// <summary>The id of a device: 16 random bytes, written in lower-case hex.</summary>
public readonly record struct DeviceId
{
    /// <summary>Its length in bytes.</summary>
    public const int Size = 16;

    private readonly string? _text;

    private DeviceId(string text) => _text = text;

    /// <summary>An id from its bytes; false when there are not 16.</summary>
    public static bool TryFrom(ReadOnlySpan<byte> bytes, out DeviceId id)
    {
        id = bytes.Length == Size ? new DeviceId(Convert.ToHexStringLower(bytes)) : default;
        return bytes.Length == Size;
    }

    /// <summary>Reads an id as <see cref="ToString"/> writes it; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out DeviceId id)
    {
        bool valid = text is { Length: 2 * Size } && text.All(char.IsAsciiHexDigit);
        id = valid ? new DeviceId(text!.ToLowerInvariant()) : default;
        return valid;
    }

    /// <summary>The bytes.</summary>
    public byte[] ToArray() => Convert.FromHexString(ToString());

    /// <inheritdoc/>
    public override string ToString() => _text ?? new string('0', 2 * Size);
}
