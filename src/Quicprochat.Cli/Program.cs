using System.CommandLine;
using Quicprochat.Cli.Commands;

RootCommand root = CommandTree.Build();
return await Runner.RunAsync(root.Parse(args));
