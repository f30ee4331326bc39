using Quicprochat.Fuzz.Targets;

namespace Quicprochat.Fuzz;

/// <summary>All targets by name.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyDictionary<string, Func<IFuzzTarget>> All { get; } = new Dictionary<string, Func<IFuzzTarget>>
    {
        ["headers"] = () => new HeadersTarget(),
        ["frames"] = () => new FramesTarget(),
        ["parameters"] = () => new TransportParametersTarget(),
        ["tokens"] = () => new TokensTarget(),
        ["tls-server"] = () => new TlsServerTarget(),
        ["tls-client"] = () => new TlsClientTarget(),
        ["datagrams"] = () => new DatagramsTarget(),
        ["server"] = () => new ServerTarget(),
        ["client"] = () => new ClientTarget(),
    };
}
