namespace Quicprochat.Server.Storage;

/// <summary>A group and the last entry of its log.</summary>
internal readonly record struct GroupHead(GroupId Group, long Index, Digest Hash);
