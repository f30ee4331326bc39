using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Quicprochat.Samples.LossyRelay;

/// <summary>The command line. Rates are parts of 1, times are milliseconds; both directions suffer alike.</summary>
internal sealed record RelayOptions(IPEndPoint Server)
{
    public const string Usage = """
        usage: LossyRelay SERVER-IP:PORT [options]
          --listen IP:PORT   where clients send to          (127.0.0.1:0, or [::1]:0)
          --seed N           of all dice                    (1)
          --loss RATE        datagrams lost                 (0)
          --burst N          most lost in a row             (no bound)
          --corrupt RATE     datagrams with a byte changed  (0)
          --duplicate RATE   datagrams sent twice           (0)
          --reorder RATE     datagrams held back            (0)
          --hold MS          longest holding back           (20)
          --delay MS         for every datagram             (0)
          --jitter MS        most delay on top, order kept  (0)
          --rate KBIT        per second, each direction     (no bound)
          --queue N          datagrams waiting at that rate (100)
        """;

    public IPEndPoint Listen { get; private set; } = new(Server.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, 0);

    public ulong Seed { get; private set; } = 1;

    public double Loss { get; private set; }

    public int Burst { get; private set; } = int.MaxValue;

    public double Corrupt { get; private set; }

    public double Duplicate { get; private set; }

    public double Reorder { get; private set; }

    public double HoldMs { get; private set; } = 20;

    public double DelayMs { get; private set; }

    public double JitterMs { get; private set; }

    public double RateKbit { get; private set; }

    public int Queue { get; private set; } = 100;

    public static bool TryParse(string[] args, [NotNullWhen(true)] out RelayOptions? options, out string problem)
    {
        options = null;
        problem = "";
        if (args.Length % 2 == 0 || !IPEndPoint.TryParse(args[0], out IPEndPoint? server) || server.Port == 0)
        {
            problem = "The first argument is the server's IP:PORT; options come in pairs.";
            return false;
        }
        var parsed = new RelayOptions(server);
        for (int i = 1; i < args.Length; i += 2)
        {
            if (!parsed.TrySet(args[i], args[i + 1]))
            {
                problem = $"{args[i]} {args[i + 1]} is not understood.";
                return false;
            }
        }
        if (parsed.Listen.AddressFamily != server.AddressFamily)
        {
            problem = "The relay listens in the server's address family.";
            return false;
        }
        options = parsed;
        return true;
    }

    private bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--listen":
                bool isAddress = IPEndPoint.TryParse(value, out IPEndPoint? listen);
                Listen = listen ?? Listen;
                return isAddress;
            case "--seed":
                bool isSeed = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed);
                Seed = seed;
                return isSeed;
            case "--burst":
                return TryCount(value, out int burst) && (Burst = burst) > 0;
            case "--queue":
                return TryCount(value, out int queue) && (Queue = queue) > 0;
        }
        if (!double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
        {
            return false;
        }
        switch (name)
        {
            case "--loss":
                return IsRate(Loss = number);
            case "--corrupt":
                return IsRate(Corrupt = number);
            case "--duplicate":
                return IsRate(Duplicate = number);
            case "--reorder":
                return IsRate(Reorder = number);
            case "--hold":
                HoldMs = number;
                return true;
            case "--delay":
                DelayMs = number;
                return true;
            case "--jitter":
                JitterMs = number;
                return true;
            case "--rate":
                RateKbit = number;
                return true;
            default:
                return false;
        }
    }

    private static bool TryCount(string value, out int count) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private static bool IsRate(double number) => number is >= 0 and <= 1;
}
