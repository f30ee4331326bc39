using System.Runtime.CompilerServices;
using System.Text;
using Quicprochat.Cli.Commands;

namespace Quicprochat.Cli.Terminal;

/// <summary>Standard input, line by line and byte by byte: a line ends at LF and at nothing else.</summary>
internal static class InputLines
{
    private const int LineLengthMax = 200_000;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="UsageException">A line is too long, or is not UTF-8.</exception>
    public static async IAsyncEnumerable<string> ReadAsync(Stream input, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 << 10];
        var line = new MemoryStream();
        long number = 1;
        int count;
        while ((count = await input.ReadAsync(buffer, cancellationToken)) > 0)
        {
            int from = 0;
            while (Array.IndexOf(buffer, (byte)'\n', from, count - from) is int end and >= 0)
            {
                Append(line, buffer.AsSpan(from, end - from), number);
                yield return Take(line, number++);
                from = end + 1;
            }
            Append(line, buffer.AsSpan(from, count - from), number);
        }
        if (line.Length > 0)
        {
            yield return Take(line, number);
        }
    }

    private static void Append(MemoryStream line, ReadOnlySpan<byte> bytes, long number)
    {
        if (line.Length + bytes.Length > LineLengthMax)
        {
            throw new UsageException($"Line {number} has more than {LineLengthMax} bytes.", "Send what is so long in parts. The lines before it are on their way.");
        }
        line.Write(bytes);
    }

    private static string Take(MemoryStream line, long number)
    {
        try
        {
            string text = _strict.GetString(line.GetBuffer(), 0, (int)line.Length);
            line.SetLength(0);
            return text;
        }
        catch (DecoderFallbackException)
        {
            throw new UsageException($"Line {number} is not UTF-8.", "Convert the input first: iconv -t UTF-8. The lines before it are on their way.");
        }
    }
}
