namespace Quicprochat.Sdk;

/// <summary>What a message says. One of the sealed types of this file's folder; <see cref="UnknownContent"/> is what a later version made.</summary>
public abstract record MessageContent
{
    private protected MessageContent()
    {
    }
}

#pragma warning disable MA0048 // The kinds of content are one closed list.

/// <summary>Words.</summary>
public sealed record TextContent(string Text) : MessageContent;

/// <summary>Words that answer a message.</summary>
public sealed record ReplyContent(MessageId To, string Text) : MessageContent;

/// <summary>A sign on a message; <paramref name="Removed"/> takes it away again.</summary>
public sealed record ReactionContent(MessageId To, string Emoji, bool Removed = false) : MessageContent;

/// <summary>New words in the place of an own message's.</summary>
public sealed record EditContent(MessageId Of, string Text) : MessageContent;

/// <summary>An own message is to be shown no more.</summary>
public sealed record DeleteContent(MessageId Of) : MessageContent;

/// <summary>A file: where its encrypted bytes are and the key to them.</summary>
public sealed record FileContent(string Name, string MediaType, ulong Length, ReadOnlyMemory<byte> BlobHash, ReadOnlyMemory<byte> Key) : MessageContent;

/// <summary>How long messages are kept from now on; zero for always.</summary>
public sealed record ExpiryContent(TimeSpan KeepFor) : MessageContent;

/// <summary>Something this version does not know; kept as it came.</summary>
public sealed record UnknownContent(ReadOnlyMemory<byte> Bytes) : MessageContent;
