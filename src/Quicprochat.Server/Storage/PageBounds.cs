namespace Quicprochat.Server.Storage;

/// <summary>How much a read gives at most. One item is given even if it alone is beyond the bytes.</summary>
internal readonly record struct PageBounds(int Count, int Bytes);
