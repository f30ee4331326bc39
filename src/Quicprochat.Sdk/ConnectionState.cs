namespace Quicprochat.Sdk;

/// <summary>Whether a client can reach its server.</summary>
public enum ConnectionState
{
    /// <summary>Not connected, and not trying: nobody asked, or trying again would be of no use.</summary>
    Offline,

    /// <summary>The first connection is being made.</summary>
    Connecting,

    /// <summary>Connected, authenticated and receiving.</summary>
    Connected,

    /// <summary>The connection was lost; it is tried again and again.</summary>
    Reconnecting,
}
