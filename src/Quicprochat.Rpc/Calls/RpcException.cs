using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Rpc.Calls;

/// <summary>
/// A call that ended with a status other than Ok. Handlers throw it to answer with one; callers catch it. Its message is a sentence for people; programs look at
/// <see cref="Status"/> and <see cref="Code"/>.
/// </summary>
public sealed class RpcException : Exception
{
    /// <summary>An exception.</summary>
    /// <param name="status">Anything but Ok.</param>
    /// <param name="code">Stable and dotted: <c>group.conflict</c>. One of <see cref="ErrorCodes"/>.</param>
    /// <param name="message">A sentence that says what is wrong and what to do about it.</param>
    public RpcException(RpcStatus status, string code, string message)
        : base(message)
    {
        Status = status;
        Code = code;
    }

    /// <summary>How the call ended.</summary>
    public RpcStatus Status { get; }

    /// <summary>Which of the reasons.</summary>
    public string Code { get; }

    /// <summary>How long to wait before trying again; zero where that does not apply. Milliseconds on the wire.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>The Protobuf message that belongs to <see cref="Code"/>; empty for most.</summary>
    public ReadOnlyMemory<byte> Detail { get; init; }

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsRetriable => Status is RpcStatus.ResourceExhausted or RpcStatus.DeadlineExceeded or RpcStatus.Unavailable;

    internal static RpcException Of(RpcStatus status, ErrorDetail detail) => new(status, detail.Code, detail.Message)
    {
        RetryAfter = TimeSpan.FromMilliseconds(detail.RetryAfterMs),
        Detail = detail.Detail.Memory,
    };

    internal ErrorDetail ToDetail() => new()
    {
        Code = Code,
        Message = Message,
        RetryAfterMs = (uint)Math.Clamp(RetryAfter.TotalMilliseconds, 0, uint.MaxValue),
        Detail = Google.Protobuf.ByteString.CopyFrom(Detail.Span),
    };
}
