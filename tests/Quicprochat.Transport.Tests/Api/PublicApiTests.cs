using System.Reflection;

namespace Quicprochat.Transport.Tests.Api;

public sealed class PublicApiTests
{
    private static readonly Assembly _transport = typeof(QuicConnection).Assembly;

    [Fact]
    public void The_public_surface_is_the_one_that_was_agreed_on()
    {
        string expected = File.ReadAllText(SnapshotPath()).ReplaceLineEndings("\n");
        string actual = PublicSurface.Of(_transport);
        if (expected != actual && Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(SnapshotPath(), actual);
        }
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Everything_that_System_Net_Quic_has_is_here_under_the_same_name()
    {
        Assembly model = typeof(System.Net.Quic.QuicConnection).Assembly;
        string[] ours = PublicSurface.Of(_transport).Split('\n');
        string[] missing = [.. PublicSurface.Of(model)
            .Replace("System.Net.Quic.", "Quicprochat.Transport.", StringComparison.Ordinal)
            .Split('\n')
            .Where(line => !ours.Contains(line))];
        Assert.Empty(missing);
    }

    [Fact]
    public void Error_values_are_those_of_System_Net_Quic()
    {
        Type theirs = typeof(System.Net.Quic.QuicConnection).Assembly.GetType("System.Net.Quic.QuicError", throwOnError: true)!;
        foreach (object value in Enum.GetValuesAsUnderlyingType(theirs))
        {
            Assert.Equal(value, (int)Enum.Parse<QuicError>(Enum.GetName(theirs, value)!));
        }
    }

    private static string SnapshotPath()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Quicprochat.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        Assert.SkipWhen(folder is null, "The snapshot lies in the repository, which is not here.");
        return Path.Combine(folder!, "tests", "Quicprochat.Transport.Tests", "Api", "Quicprochat.Transport.txt");
    }
}
