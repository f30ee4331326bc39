using System.Diagnostics.CodeAnalysis;

namespace Quicprochat.Sdk;

/// <summary>The id of a conversation: the MLS group id, written in lower-case hex.</summary>
public readonly record struct ConversationId
{
    private readonly string? _text;

    private ConversationId(string text) => _text = text;

    /// <summary>An id from its bytes.</summary>
    public static ConversationId From(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(bytes));

    /// <summary>Reads an id as <see cref="ToString"/> writes it; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ConversationId id)
    {
        bool valid = text is { Length: > 0 and <= 128 } && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit);
        id = valid ? new ConversationId(text!.ToLowerInvariant()) : default;
        return valid;
    }

    /// <summary>The bytes.</summary>
    public byte[] ToArray() => Convert.FromHexString(ToString());

    /// <inheritdoc/>
    public override string ToString() => _text ?? string.Empty;
}
