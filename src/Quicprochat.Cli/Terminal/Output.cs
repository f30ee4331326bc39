using Quicprochat.Cli.Commands;
using Spectre.Console;

namespace Quicprochat.Cli.Terminal;

/// <summary>Where a command says what it has to say: sentences with colours for people, or one JSON object a line for scripts.</summary>
internal class Output
{
    private const int NoEdge = 100_000;

    private readonly IAnsiConsole _console;
    private readonly IAnsiConsole _error;
    private readonly TextWriter _lines;

    protected Output(IAnsiConsole console, IAnsiConsole error, (TextWriter Lines, bool Json) machine)
    {
        _console = console;
        _error = error;
        _lines = machine.Lines;
        IsJson = machine.Json;
    }

    /// <summary>True when a script listens.</summary>
    public bool IsJson { get; }

    public static Output ForConsole(bool json)
    {
        IAnsiConsole error = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

        // Where no terminal has an edge, no line is broken.
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = NoEdge;
        }
        if (Console.IsErrorRedirected)
        {
            error.Profile.Width = NoEdge;
        }
        return new Output(AnsiConsole.Console, error, (Console.Out, Settings.IsOn("json", json)));
    }

    /// <summary>A sentence for people; scripts do not get it.</summary>
    public void Say(string markup)
    {
        if (!IsJson)
        {
            WriteMarkup(markup);
        }
    }

    /// <summary>A fact: markup for people, or null for what they need not see; an object for scripts.</summary>
    public void Tell(string? markup, JsonLine line)
    {
        if (IsJson)
        {
            WriteLine(line.ToString());
        }
        else if (markup is not null)
        {
            WriteMarkup(markup);
        }
    }

    /// <summary>A table for people, an object for each row for scripts.</summary>
    public void Tell(Table table, IEnumerable<JsonLine> lines)
    {
        if (!IsJson)
        {
            WriteTable(table);
            return;
        }
        foreach (JsonLine line in lines)
        {
            WriteLine(line.ToString());
        }
    }

    /// <summary>What went wrong, on standard error.</summary>
    public virtual void Complain(Complaint complaint)
    {
        if (IsJson)
        {
            Console.Error.WriteLine(new JsonLine("error").Add("code", complaint.Code).Add("message", complaint.Message).Add("remedy", complaint.Remedy));
            return;
        }
        _error.MarkupLine($"[red]{Markup.Escape(Plain.Clean(complaint.Message))}[/]");
        if (complaint.Remedy.Length > 0)
        {
            _error.MarkupLine(Markup.Escape(Plain.Clean(complaint.Remedy)));
        }
    }

    /// <summary>Shows that something lasts, where there is a terminal to show it on.</summary>
    public virtual async Task<T> WaitAsync<T>(string what, Func<Task<T>> work) => IsJson || !_error.Profile.Capabilities.Interactive || Console.IsErrorRedirected
        ? await work()
        : await _error.Status().Spinner(Spinner.Known.Dots).StartAsync(Markup.Escape(what), _ => work());

    public Task WaitAsync(string what, Func<Task> work) => WaitAsync(what, async () =>
    {
        await work();
        return true;
    });

    protected virtual void WriteMarkup(string markup) => _console.MarkupLine(markup);

    protected virtual void WriteTable(Table table) => _console.Write(table);

    /// <summary>One line in one write, flushed: whoever reads a pipe gets whole lines.</summary>
    protected virtual void WriteLine(string line)
    {
        _lines.WriteLine(line);
        _lines.Flush();
    }
}
