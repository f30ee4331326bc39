using Quicprochat.Transport;

namespace QuicPeer.Modes;

/// <summary>Changes the local socket in the middle of transfers: what is on its way is lost, and comes again.</summary>
internal static class Migrate
{
    private const int Moves = 3;
    private const int Bytes = 1_000_000;

    public static async Task<string> RunAsync(Client client)
    {
        await using QuicConnection connection = await client.DialAsync(Settings.Echo);
        await Echo.EchoAsync(connection, 0, Bytes);
        for (int move = 1; move <= Moves; move++)
        {
            Task echo = Echo.EchoAsync(connection, move, Bytes);
            await client.MoveAsync();
            await echo;
        }
        return $"ok migrate moves={Moves} bytes={(Moves + 1) * Bytes}";
    }
}
