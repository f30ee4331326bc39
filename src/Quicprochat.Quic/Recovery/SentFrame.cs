using System.Runtime.InteropServices;

namespace Quicprochat.Quic.Recovery;

/// <summary>One frame of a sent packet, kept until the packet is acknowledged or lost. Which fields count is said at <see cref="SentFrameKind"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SentFrame(SentFrameKind Kind, long Id = 0, long Offset = 0, int Length = 0, bool Fin = false);
