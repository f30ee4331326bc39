using Quicprochat.Server.Tests.Storage;

/// <summary>
/// The runtime calls this before Main where DOTNET_STARTUP_HOOKS names this assembly: so a test starts its own executable as a second process, to
/// kill it, without it being a test run.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        SqliteCrashTests.StoreUntilKilledAsync().GetAwaiter().GetResult();
        Environment.Exit(0);
    }
}
