using Quicprochat.Transport;

namespace QuicPeer.Modes;

/// <summary>Changes keys between transfers, and in the middle of one.</summary>
internal static class KeyUpdate
{
    private const int Updates = 3;
    private const int RoundsMax = 500;
    private const int Bytes = 1_000_000;

    public static async Task<string> RunAsync(Client client)
    {
        await using QuicConnection connection = await client.DialAsync(Settings.Echo);
        await Echo.EchoAsync(connection, 0, Bytes);
        int updates = 0;
        int round = 0;
        // One update at a time: the next waits until the last is acknowledged and its old keys are gone. The peer may have begun one as well.
        while (updates < Updates && round < RoundsMax)
        {
            round++;
            Task echo = Echo.EchoAsync(connection, round, Bytes);
            updates += await connection.UpdateKeysAsync() ? 1 : 0;
            await echo;
        }
        return updates == Updates
            ? $"ok keyupdate updates={updates} bytes={(long)(round + 1) * Bytes}"
            : throw new InvalidDataException($"Only {updates} key updates were possible.");
    }
}
