using Quicprochat.Transport;

namespace QuicPeer.Modes;

/// <summary>Closes with an application code and a reason, which the server prints.</summary>
internal static class Close
{
    public static async Task<string> RunAsync(Client client, int code)
    {
        await using QuicConnection connection = await client.DialAsync(Settings.Echo);
        await Echo.EchoAsync(connection, 0, 1000);
        await connection.CloseAsync(code, "as asked");
        return $"ok close code={code}";
    }
}
