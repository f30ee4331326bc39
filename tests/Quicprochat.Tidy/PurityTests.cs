using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Quicprochat.Tidy;

/// <summary>Below Transport an assembly names no clock, socket, thread, task, file or dice: its metadata says so.</summary>
public sealed class PurityTests
{
    private static readonly string[] _bannedTypes =
    [
        "System.Threading.Tasks.", "System.Net.Sockets.", "System.IO.File", "System.IO.Directory", "System.Threading.Thread",
        "System.Threading.Timer", "System.Diagnostics.Stopwatch", "System.Random", "System.TimeProvider", "System.Console",
    ];

    private static readonly string[] _bannedMembers =
    [
        "System.DateTime.get_UtcNow", "System.DateTime.get_Now", "System.DateTimeOffset.get_UtcNow", "System.DateTimeOffset.get_Now",
        "System.Environment.get_TickCount64", "System.Environment.get_TickCount", "System.Guid.NewGuid", "System.Guid.CreateVersion7",
    ];

    [Theory]
    [InlineData("Crypto")]
    [InlineData("Mls")]
    [InlineData("Quic")]
    public void Names_nothing_of_the_outside_world(string project)
    {
        using PEReader file = Open(project);
        MetadataReader metadata = file.GetMetadataReader();
        Assert.DoesNotContain(TypesOf(metadata), name => _bannedTypes.Any(banned => name.StartsWith(banned, StringComparison.Ordinal)));
        Assert.Empty(MembersOf(metadata).Intersect(_bannedMembers));
    }

    // Crypto holds the operating system's generator behind IRandomSource; above it nobody throws dice of their own.
    [Theory]
    [InlineData("Mls")]
    [InlineData("Quic")]
    public void Takes_its_randomness_from_outside(string project)
    {
        using PEReader file = Open(project);
        Assert.DoesNotContain("System.Security.Cryptography.RandomNumberGenerator", TypesOf(file.GetMetadataReader()));
    }

    private static PEReader Open(string project) =>
        new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"Quicprochat.{project}.dll")));

    private static IEnumerable<string> TypesOf(MetadataReader metadata) =>
        metadata.TypeReferences.Select(handle => Name(metadata, handle));

    private static IEnumerable<string> MembersOf(MetadataReader metadata)
    {
        foreach (MemberReferenceHandle handle in metadata.MemberReferences)
        {
            MemberReference member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind == HandleKind.TypeReference)
            {
                yield return $"{Name(metadata, (TypeReferenceHandle)member.Parent)}.{metadata.GetString(member.Name)}";
            }
        }
    }

    private static string Name(MetadataReader metadata, TypeReferenceHandle handle)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}
