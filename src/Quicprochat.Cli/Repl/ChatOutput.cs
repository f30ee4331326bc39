using Quicprochat.Cli.Commands;
using Quicprochat.Cli.Terminal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Quicprochat.Cli.Repl;

#pragma warning disable CA1001 // A StringWriter holds nothing that has to be given back.
/// <summary>Output above the line that is being typed.</summary>
internal sealed class ChatOutput : Output
#pragma warning restore CA1001
{
    private readonly LineEditor _editor;
    private readonly StringWriter _text = new();
    private readonly IAnsiConsole _render;
    private readonly Lock _lock = new();

    public ChatOutput(LineEditor editor)
        : base(AnsiConsole.Console, AnsiConsole.Console, (Console.Out, false))
    {
        _editor = editor;
        Capabilities real = AnsiConsole.Profile.Capabilities;
        _render = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(_text),
            Ansi = real.Ansi ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = (ColorSystemSupport)real.ColorSystem,
            Interactive = InteractionSupport.No,
        });
    }

    /// <summary>Markup as the terminal wants it.</summary>
    public string Render(string markup) => Render(new Markup(markup), int.MaxValue / 2);

    public override void Complain(Complaint complaint) =>
        WriteMarkup($"[red]{Markup.Escape(Plain.Clean(complaint.Message))}[/] {Markup.Escape(Plain.Clean(complaint.Remedy))}");

    /// <summary>A spinner would fight with the line that is being typed.</summary>
    public override Task<T> WaitAsync<T>(string what, Func<Task<T>> work) => work();

    protected override void WriteMarkup(string markup) => _editor.WriteAbove(Render(markup));

    protected override void WriteTable(Table table) => _editor.WriteAbove(Render(table, Console.WindowWidth));

    protected override void WriteLine(string line) => _editor.WriteAbove(line);

    private string Render(IRenderable what, int width)
    {
        lock (_lock)
        {
            _text.GetStringBuilder().Clear();
            _render.Profile.Width = width;
            _render.Write(what);
            return _text.ToString();
        }
    }
}
