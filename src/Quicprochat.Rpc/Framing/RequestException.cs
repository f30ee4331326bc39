using Quicprochat.Rpc.Calls;

namespace Quicprochat.Rpc.Framing;

/// <summary>A frame that is no request, and what to answer.</summary>
internal sealed class RequestException(RequestHeader header, RpcException answer) : Exception(answer.Message)
{
    public RequestHeader Header => header;

    public RpcException Answer => answer;
}
