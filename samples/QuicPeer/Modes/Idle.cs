using Quicprochat.Transport;

namespace QuicPeer.Modes;

/// <summary>Connections that do nothing, so that their memory can be measured.</summary>
internal static class Idle
{
    public static async Task<string> RunAsync(Client client, int count, TimeSpan duration)
    {
        var connections = new List<QuicConnection>();
        for (int i = 0; i < count; i++)
        {
            connections.Add(await client.DialAsync(Settings.Echo));
        }
        Console.WriteLine($"idle open {count}");
        await Task.Delay(duration);
        foreach (QuicConnection connection in connections)
        {
            await connection.DisposeAsync();
        }
        return $"idle held {count}";
    }
}
