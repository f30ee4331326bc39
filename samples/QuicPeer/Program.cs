using System.Globalization;
using QuicPeer;
using QuicPeer.Modes;

const string Usage = """
    QuicPeer MODE ...
      demo                                   a server as a second process, and the modes below against it
      server    HOST:PORT                    echoes on qpc/1, counts on qpc-sink/1, echoes datagrams
      echo      HOST:PORT STREAMS BYTES      sends BYTES on each of STREAMS streams and compares what comes back
      bulk      HOST:PORT BYTES              sends BYTES on one stream
      hs        HOST:PORT COUNT              COUNT handshakes, one after the other
      pp        HOST:PORT STREAMS SECONDS    64 bytes to and fro on STREAMS streams
      idle      HOST:PORT COUNT SECONDS      holds COUNT connections
      keyupdate HOST:PORT                    changes keys in the middle of a transfer
      migrate   HOST:PORT                    changes the local socket in the middle of a transfer
      dgram     HOST:PORT COUNT              COUNT datagrams to and fro
      close     HOST:PORT CODE               closes with an application code
    Environment: CERTS (folder with ca.crt, server.crt, server.key; a certificate is made where it is unset), PIN (the server's key, at the client),
      RETRY=1, CIPHER=aes128|aes256|chacha20, GROUPS=X25519MLKEM768,x25519,secp256r1, SSLKEYLOGFILE
    """;

if (args.Length < 2 && args is not ["demo"])
{
    Console.Error.WriteLine(Usage);
    return 2;
}
try
{
    if (args[0] == "demo")
    {
        return await Demo.RunAsync();
    }
    if (args[0] == "server")
    {
        await Server.RunAsync(args[1]);
        return 0;
    }
    await using var client = Client.Open(args[1]);
    string result = args[0] switch
    {
        "echo" => await Echo.RunAsync(client, Number(2), Number(3)),
        "bulk" => await Bulk.RunAsync(client, Number(2)),
        "hs" => await Handshakes.RunAsync(client, Number(2)),
        "pp" => await PingPong.RunAsync(client, Number(2), TimeSpan.FromSeconds(Number(3))),
        "idle" => await Idle.RunAsync(client, Number(2), TimeSpan.FromSeconds(Number(3))),
        "keyupdate" => await KeyUpdate.RunAsync(client),
        "migrate" => await Migrate.RunAsync(client),
        "dgram" => await Datagrams.RunAsync(client, Number(2)),
        "close" => await Close.RunAsync(client, Number(2)),
        _ => throw new ArgumentException($"There is no mode '{args[0]}'.\n{Usage}"),
    };
    Console.WriteLine($"{result} group={client.Group} cipher={client.CipherSuite}");
    return 0;
}
catch (Exception e)
{
    Console.Error.WriteLine($"fail: {e.Message}");
    return 1;
}

int Number(int index) => index < args.Length
    ? int.Parse(args[index], CultureInfo.InvariantCulture)
    : throw new ArgumentException($"An argument is missing.\n{Usage}");
