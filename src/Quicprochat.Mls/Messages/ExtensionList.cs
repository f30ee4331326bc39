using Quicprochat.Mls.Codec;

namespace Quicprochat.Mls.Messages;

/// <summary>The list <c>Extension extensions&lt;V&gt;</c>, which appears in five structures.</summary>
internal static class ExtensionList
{
    public static bool TryRead(ref Reader reader, out IReadOnlyList<Extension> extensions)
    {
        bool read = reader.TryReadList(Extension.TryRead, out Extension[]? items);
        extensions = items ?? [];
        return read;
    }

    public static void Write(this IReadOnlyList<Extension> extensions, ref Writer writer)
    {
        int start = writer.BeginVector();
        for (int i = 0; i < extensions.Count; i++)
        {
            extensions[i].Write(ref writer);
        }
        writer.EndVector(start);
    }

    public static bool TryFind(this IReadOnlyList<Extension> extensions, ExtensionType type, out ReadOnlyMemory<byte> data)
    {
        for (int i = 0; i < extensions.Count; i++)
        {
            if (extensions[i].Type == type)
            {
                data = extensions[i].Data;
                return true;
            }
        }
        data = default;
        return false;
    }

    /// <summary>RFC 9420 §13.4: no list has more than one extension of a type.</summary>
    public static bool HasDuplicates(this IReadOnlyList<Extension> extensions)
    {
        if (extensions.Count < 2)
        {
            return false;
        }
        var types = new HashSet<ExtensionType>(extensions.Count);
        for (int i = 0; i < extensions.Count; i++)
        {
            if (!types.Add(extensions[i].Type))
            {
                return true;
            }
        }
        return false;
    }
}
