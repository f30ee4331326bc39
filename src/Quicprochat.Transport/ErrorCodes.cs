using Quicprochat.Quic;

namespace Quicprochat.Transport;

/// <summary>Application error codes are variable-length integers (RFC 9000 §20.2).</summary>
internal static class ErrorCodes
{
    public static void Check(long code, string name)
    {
        if (code is < 0 or > StreamId.Max)
        {
            throw new ArgumentOutOfRangeException(name, code, "An application error code lies between 0 and 2^62-1.");
        }
    }
}
