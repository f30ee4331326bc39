namespace Quicprochat.Server.Tests.Storage;

/// <summary>A new folder that goes with the test.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("qpc-store-").FullName;

    public string Database => System.IO.Path.Combine(Path, "server.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
