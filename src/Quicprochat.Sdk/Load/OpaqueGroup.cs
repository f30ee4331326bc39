using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Sdk.Load;

/// <summary>A group that an <see cref="OpaqueDevice"/> says things in.</summary>
internal sealed class OpaqueGroup(OpaqueDevice sender, ByteString id, ByteString entry)
{
    /// <summary>Sends bytes; complete when the server has them on its disk.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var request = new SendRequest
        {
            GroupId = id,
            EntryHash = entry,
            Kind = EnvelopeKind.Application,
            MessageId = ByteString.CopyFrom(Guid.CreateVersion7().ToByteArray(bigEndian: true)),
            Payload = new Payload { Inline = UnsafeByteOperations.UnsafeWrap(payload) },
        };
        await sender.Rpc.CallAsync(Methods.Send, request, cancellationToken);
    }
}
