using System.Net;

namespace Quicprochat.Server.Hosting;

/// <summary>What a server is called when nobody says.</summary>
internal static class ServerNames
{
    /// <summary>The name of a server that listens there, at its first start.</summary>
    public static string DefaultFor(IPEndPoint listen)
    {
        string host = IPAddress.IsLoopback(listen.Address) ? "localhost" : Environment.MachineName.ToLowerInvariant();
        string name = listen.Port == QpcServerOptions.DefaultPort ? host : $"{host}:{listen.Port}";
        return OptionsRules.IsName(name) ? name : DefaultFor(new IPEndPoint(IPAddress.Loopback, listen.Port));
    }

    /// <summary>The host in a name.</summary>
    public static string HostOf(string name)
    {
        int colon = name.LastIndexOf(':');
        return colon < 0 || name.EndsWith(']') ? name : name[..colon];
    }

    /// <summary>What to dial for a server that listens there: its address, or the host in its name when it listens on all of the machine's.</summary>
    public static string DialledAt(IPEndPoint listen, string name) =>
        listen.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any) ? $"{HostOf(name)}:{listen.Port}" : listen.ToString();
}
