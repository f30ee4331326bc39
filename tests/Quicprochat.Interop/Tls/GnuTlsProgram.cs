using System.Diagnostics;

namespace Quicprochat.Interop.Tls;

/// <summary>Compiles <c>gnutls-peer.c</c> once for all tests, where there is a compiler and GnuTLS to compile it against.</summary>
public sealed class GnuTlsProgram : IDisposable
{
    private readonly string? _folder;

    public GnuTlsProgram()
    {
        string? source = FindSource();
        if (source is null)
        {
            Missing = "gnutls-peer.c was not found above the test's folder.";
            return;
        }

        _folder = Directory.CreateTempSubdirectory("gnutls-peer-").FullName;
        Path = System.IO.Path.Combine(_folder, "gnutls-peer");
        Missing = Compile(source, Path);
    }

    /// <summary>Why there is nothing to run; null when there is.</summary>
    public string? Missing { get; }

    public string Path { get; } = "";

    public void Dispose()
    {
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string? Compile(string source, string output)
    {
        try
        {
            var start = new ProcessStartInfo("gcc", ["-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", source, "-lgnutls", "-o", output]) { RedirectStandardError = true };
            using Process compiler = Process.Start(start)!;
            string errors = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            return compiler.ExitCode == 0 ? null
                : errors.Contains("gnutls/gnutls.h", StringComparison.Ordinal) || errors.Contains("-lgnutls", StringComparison.Ordinal) ? "GnuTLS is not installed for development (Debian: libgnutls28-dev)."
                : throw new InvalidOperationException($"gnutls-peer.c does not compile: {errors}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "There is no gcc to compile the GnuTLS peer with.";
        }
    }

    private static string? FindSource()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string source = System.IO.Path.Combine(folder.FullName, "tests", "Quicprochat.Interop", "Tls", "gnutls-peer.c");
            if (File.Exists(source))
            {
                return source;
            }
        }

        return null;
    }
}
