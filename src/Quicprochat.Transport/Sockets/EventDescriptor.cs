using Microsoft.Win32.SafeHandles;

namespace Quicprochat.Transport.Sockets;

/// <summary>An eventfd. A safe handle, because threads that wake a loop may hold it while the loop closes it: its number must not be another file's by then.</summary>
internal sealed class EventDescriptor : SafeHandleMinusOneIsInvalid
{
    public EventDescriptor(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>The number, for the thread that disposes it.</summary>
    public int Number => (int)handle;

    protected override bool ReleaseHandle() => LinuxNative.Close((int)handle) == 0;
}
