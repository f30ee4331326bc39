namespace Quicprochat.Sdk;

/// <summary>A message of a conversation's history.</summary>
public sealed record ChatMessage
{
    /// <summary>Its id, made by its sender.</summary>
    public required MessageId Id { get; init; }

    /// <summary>Where it was said.</summary>
    public required ConversationId Conversation { get; init; }

    /// <summary>Its place in this device's history of the conversation: grows with every message, in the order they were stored here.</summary>
    public required long Position { get; init; }

    /// <summary>Who said it: <c>alice@example.org</c>.</summary>
    public required string Sender { get; init; }

    /// <summary>With which device.</summary>
    public required DeviceId SenderDevice { get; init; }

    /// <summary>True when an account's own device said it, this one or another.</summary>
    public required bool IsOwn { get; init; }

    /// <summary>When: the sender's clock for own messages, the server's for others.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The epoch it was encrypted in.</summary>
    public required ulong Epoch { get; init; }

    /// <summary>What it says.</summary>
    public required MessageContent Content { get; init; }

    /// <summary>How far it has come.</summary>
    public required MessageState State { get; init; }

    /// <summary>The words, of a <see cref="TextContent"/> or <see cref="ReplyContent"/>; null for other content.</summary>
    public string? Text => Content switch
    {
        TextContent text => text.Text,
        ReplyContent reply => reply.Text,
        _ => null,
    };
}
