using Quicprochat.Benchmarks.Mls;

// dotnet run -c Release --project bench/Quicprochat.Benchmarks -- mls
return args switch
{
    ["mls", .. var rest] => MlsBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: Quicprochat.Benchmarks NAME
          mls [quick]   what groups of 2 to 1,000 cost, beside ts-mls; quick leaves out 1,000 and more
        """);
    return 2;
}
