using Quicprochat.Simulation.Wire;

namespace Quicprochat.Simulation.Peers;

/// <summary>Changes transport parameters in their wire form (RFC 9000 §18).</summary>
internal static class ParameterSurgery
{
    /// <summary>Without those of <paramref name="id"/>.</summary>
    public static byte[] Without(byte[] parameters, long id) =>
        [.. Split(parameters).Where(p => p.Id != id).SelectMany(p => p.Bytes)];

    /// <summary>With another value for <paramref name="id"/>.</summary>
    public static byte[] With(byte[] parameters, long id, ReadOnlySpan<byte> value) => [.. Without(parameters, id), .. Forge.Parameter(id, value)];

    private static IEnumerable<(long Id, byte[] Bytes)> Split(byte[] parameters)
    {
        int position = 0;
        while (position < parameters.Length)
        {
            var reader = new WireReader(parameters.AsMemory(position));
            long id = reader.VarInt();
            int size = (int)reader.VarInt();
            size += reader.Position;
            yield return (id, parameters[position..(position + size)]);
            position += size;
        }
    }
}
