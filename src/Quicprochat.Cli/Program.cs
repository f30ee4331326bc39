using System.CommandLine;
using Quicprochat.Cli.Commands;

RootCommand root = Tree.Build();
return await Runner.RunAsync(root.Parse(args));
