using Quicprochat.Quic.Tls;

namespace Quicprochat.Quic.Tests.Tls;

/// <summary>Answers what it is told to, and remembers what it was asked.</summary>
internal sealed class RecordingValidator(byte? answer = null) : IPeerCertificateValidator
{
    public List<(ReadOnlyMemory<byte>[] Chain, string? TargetHost)> Calls { get; } = [];

    public byte? Validate(IReadOnlyList<ReadOnlyMemory<byte>> chain, string? targetHost)
    {
        lock (Calls)
        {
            Calls.Add(([.. chain], targetHost));
        }

        return answer;
    }
}
