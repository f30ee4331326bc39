namespace Quicprochat.Mls.Framing;

/// <summary>Every field of FramedContent but the last.</summary>
internal readonly record struct FramedContentHeader(
    ReadOnlyMemory<byte> GroupId, ulong Epoch, Sender Sender, ReadOnlyMemory<byte> AuthenticatedData, ContentType ContentType);
