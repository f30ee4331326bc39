using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Quicprochat.Mls.Tests;

/// <summary>The assembly has no reference, in its metadata, to a clock, a socket, a file, a task or dice.</summary>
public class PurityTests
{
    private static readonly string[] _bannedTypes =
    [
        "System.Threading.Tasks.", "System.Net.", "System.IO.File", "System.IO.Stream", "System.Threading.Thread", "System.Threading.Timer",
        "System.Diagnostics.Stopwatch", "System.Random", "System.TimeProvider", "System.Reflection.MethodInfo", "System.Activator",
    ];

    private static readonly string[] _bannedMembers =
    [
        "System.DateTime.get_UtcNow", "System.DateTime.get_Now", "System.DateTimeOffset.get_UtcNow", "System.Environment.get_TickCount64",
        "System.Security.Cryptography.RandomNumberGenerator.Fill", "System.Guid.NewGuid",
    ];

    [Fact]
    public void No_clock_no_socket_no_file_no_task_no_dice()
    {
        using var pe = new PEReader(File.OpenRead(typeof(CipherSuite).Assembly.Location));
        MetadataReader metadata = pe.GetMetadataReader();
        string[] types = [.. metadata.TypeReferences.Select(handle => Name(metadata, handle))];
        Assert.NotEmpty(types);
        Assert.All(types, name => Assert.DoesNotContain(_bannedTypes, banned => name.StartsWith(banned, StringComparison.Ordinal)));
        foreach (MemberReferenceHandle handle in metadata.MemberReferences)
        {
            MemberReference member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind == HandleKind.TypeReference)
            {
                string name = $"{Name(metadata, (TypeReferenceHandle)member.Parent)}.{metadata.GetString(member.Name)}";
                Assert.DoesNotContain(name, _bannedMembers);
            }
        }
    }

    private static string Name(MetadataReader metadata, TypeReferenceHandle handle)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}
