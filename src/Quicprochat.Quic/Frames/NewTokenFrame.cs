using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic.Frames;

/// <summary>NEW_TOKEN, which only a server sends (RFC 9000 §19.7): <code>Type (i) = 0x07, Token Length (i), Token (..)</code></summary>
internal readonly ref struct NewTokenFrame(ReadOnlySpan<byte> token)
{
    /// <summary>For the Initial of a later connection; not empty.</summary>
    public ReadOnlySpan<byte> Token { get; } = token;

    /// <summary>Encoded bytes.</summary>
    public int Size => 1 + VarInt.SizeOf(Token.Length) + Token.Length;

    public static bool TryRead(scoped ref Reader reader, out NewTokenFrame frame)
    {
        frame = default;
        if (!reader.TryReadVarIntBytes(out ReadOnlySpan<byte> token) || token.IsEmpty)
        {
            return false; // RFC 9000 §19.7: the token is not empty
        }
        frame = new NewTokenFrame(token);
        return true;
    }

    public void Write(ref Writer writer)
    {
        FrameType.Write(ref writer, FrameType.NewToken);
        writer.WriteVarIntBytes(Token);
    }
}
