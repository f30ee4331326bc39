using System.Globalization;
using System.Runtime.InteropServices;
using Quicprochat.Samples.LossyRelay;

// A UDP relay between any number of clients and one server that loses, delays, reorders, duplicates and corrupts by a seed:
//
//   LossyRelay 127.0.0.1:4433 --loss 0.02 --delay 15 --seed 7
//
// It prints one line with its own address, then relays until it is interrupted, and prints what it did.
if (!RelayOptions.TryParse(args, out RelayOptions? options, out string problem))
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine(RelayOptions.Usage);
    return 2;
}
using var stop = new CancellationTokenSource();
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var relay = new Relay(options);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"relay {relay.LocalEndPoint} to {options.Server} seed={options.Seed}"));
relay.Run(stop.Token);
Console.WriteLine($"to-server {relay.ToServer}");
Console.WriteLine($"to-client {relay.ToClient}");
return 0;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
