using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Quicprochat.Interop.Mls;

/// <summary>
/// Where ts-mls is installed: a folder under artifacts named by the lock file's hash, filled once by <c>npm ci</c>.
/// The scripts are copied there each time, since node looks for packages beside the script it runs.
/// </summary>
internal static class TsMlsFolder
{
    private static readonly Lazy<(string? Folder, string? Absence)> Installed = new(Install);

    /// <summary>The folder, or why there is none.</summary>
    public static bool TryGet(out string folder, out string absence)
    {
        (string? found, string? reason) = Installed.Value;
        folder = found ?? "";
        absence = reason ?? "";
        return found is not null;
    }

    private static (string? Folder, string? Absence) Install()
    {
        string source = Source();
        byte[] lockFile = File.ReadAllBytes(Path.Combine(source, "package-lock.json"));
        string folder = Path.Combine(Artifacts(source), "npm", "ts-mls-" + Convert.ToHexStringLower(SHA256.HashData(lockFile))[..12]);
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(source))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }
        string done = Path.Combine(folder, "node_modules", ".installed");
        if (!TryRun("node", folder, "--version"))
        {
            return (null, "node is not installed");
        }
        if (!File.Exists(done))
        {
            if (!TryRun("npm", folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund"))
            {
                return (null, "npm ci could not install ts-mls");
            }
            File.WriteAllText(done, "");
        }
        return (folder, null);
    }

    private static bool TryRun(string program, string folder, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
            using Process? process = Process.Start(start);
            if (process is null)
            {
                return false;
            }
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static string Source([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "ts-mls");

    private static string Artifacts(string source) => Path.GetFullPath(Path.Combine(source, "..", "..", "..", "..", "artifacts"));
}
