using System.CommandLine;

namespace Quicprochat.Cli.Commands;

/// <summary><c>completion bash|zsh|fish|pwsh</c>: prints a script that asks <c>qpc</c> itself what fits.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _qpc() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(qpc "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -F _qpc qpc
        """;

    private const string Zsh = """
        #compdef qpc
        _qpc() {
          local -a words_found
          words_found=("${(@f)$(qpc "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          compadd -a words_found
        }
        compdef _qpc qpc
        """;

    private const string Fish = """
        complete -c qpc -f -a '(qpc "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName qpc -ScriptBlock {
          param($word, $ast, $position)
          qpc "[suggest:$position]" "$ast" | Where-Object { $_ -like "$word*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    public static Command Build()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        var command = new Command("completion", "Print a completion script: eval \"$(qpc completion bash)\"") { shell };
        command.SetAction(parsed => Console.WriteLine(parsed.GetRequiredValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            _ => PowerShell,
        }));
        return command;
    }
}
