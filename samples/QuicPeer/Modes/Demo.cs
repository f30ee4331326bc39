using System.Diagnostics;

namespace QuicPeer.Modes;

/// <summary>The whole way without anything prepared: a server in a process of its own, pinned by the key it prints, then an echo, an update of keys and a move.</summary>
internal static class Demo
{
    private const int Streams = 64;
    private const int Bytes = 1_000_000;

    public static async Task<int> RunAsync()
    {
        using Process server = StartServer();
        try
        {
            string line = await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
            Console.WriteLine($"server   {line}");
            string[] words = line.Split(' ');
            Environment.SetEnvironmentVariable("CERTS", null);
            Environment.SetEnvironmentVariable("PIN", words[2]["PIN=".Length..]);
            await using var client = Client.Open(words[1]);
            await ShowAsync(client, Echo.RunAsync(client, Streams, Bytes));
            await ShowAsync(client, Datagrams.RunAsync(client, 20));
            await ShowAsync(client, KeyUpdate.RunAsync(client));
            await ShowAsync(client, Migrate.RunAsync(client));
            return 0;
        }
        finally
        {
            server.Kill();
        }
    }

    private static async Task ShowAsync(Client client, Task<string> mode) =>
        Console.WriteLine($"client   {await mode} group={client.Group} cipher={client.CipherSuite}");

    private static Process StartServer()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        start.ArgumentList.Add("server");
        start.ArgumentList.Add("127.0.0.1:0");
        start.Environment.Remove("CERTS");
        return Process.Start(start) ?? throw new InvalidOperationException("The server did not start.");
    }
}
