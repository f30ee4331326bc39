using System.Text;
using MlsPeer;

// A line in, lines out, in UTF-8 whatever the terminal's habit is. README.md lists the lines.
var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
using var input = new StreamReader(Console.OpenStandardInput(), utf8);
await using var output = new StreamWriter(Console.OpenStandardOutput(), utf8);
output.NewLine = "\n";

var peer = new Peer(TimeProvider.System);
while (await input.ReadLineAsync() is { } line)
{
    foreach (string answer in peer.Answer(line))
    {
        await output.WriteLineAsync(answer);
    }
    await output.FlushAsync();
}
