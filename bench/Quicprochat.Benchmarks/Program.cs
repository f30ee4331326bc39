using Quicprochat.Benchmarks.Messenger;
using Quicprochat.Benchmarks.Mls;
using Quicprochat.Benchmarks.Quic;

// dotnet run -c Release --project bench/Quicprochat.Benchmarks -- NAME
return args switch
{
    ["messenger", .. var rest] => MessengerBenchmark.Run(rest),
    ["mls", .. var rest] => MlsBenchmark.Run(rest),
    ["quic", .. var rest] => QuicBenchmark.Run(rest),
    ["quic-core", .. var rest] => CoreBenchmark.Run(rest),
    ["quic-parts", .. var rest] => PartsBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: Quicprochat.Benchmarks NAME
          messenger [quick|join] a server on one core and the load on the others: messages, latency, fan-out, logins, memory, disk
          mls [quick] [alone] what groups of 2 to 1,000 cost, beside ts-mls unless alone; quick leaves out 1,000 and more
          quic [quick]        our QUIC in two processes, beside quic-go and Deno where they are installed; quick runs once and briefly
          quic-core [quick] [transfer|handshakes|calls|idle]
                              two endpoints in memory, in virtual time: what the state machine alone costs
          quic-parts [NAME]   what a packet, a handshake and a call are made of, part by part
        """);
    return 2;
}
