using System.CommandLine;
using System.CommandLine.Completions;
using Quicprochat.Cli.Commands;
using Quicprochat.Cli.Terminal;
using Quicprochat.Sdk;
using Spectre.Console;

namespace Quicprochat.Cli.Repl;

/// <summary>Reads lines and shows events until the user leaves. In a terminal with an editor at the bottom; with input from a pipe, or for scripts, line in and line out.</summary>
internal sealed class ChatLoop : ISessions
{
    private readonly QpcClient _client;
    private readonly Output _output;
    private readonly LineEditor? _editor;
    private readonly RootCommand _commands;
    private Conversation? _current;
    private bool _leaving;

    public ChatLoop(QpcClient client, Output output, Conversation? first)
    {
        _client = client;
        _current = first ?? client.Conversations.FirstOrDefault(static c => c.Status != ConversationStatus.Left);
        _commands = CommandTree.BuildForChat(this, OwnCommands());
        _output = output;
        if (!output.IsJson && !Console.IsInputRedirected && !Console.IsOutputRedirected)
        {
            _editor = new LineEditor(Complete);
            _output = new ChatOutput(_editor);
        }
    }

    public QpcClient Running => _client;

    public Task<Session> OpenAsync(ParseResult parsed, bool online, CancellationToken cancellationToken) =>
        Task.FromResult(new Session(_client, _output, ownsClient: false) { Current = _current, Enter = Enter });

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        IAsyncEnumerable<ClientEvent> events = _client.Events(ended.Token);
        Task showing = ShowEventsAsync(events, ended.Token);
        Task connecting = ConnectAsync(ended.Token);
        _editor?.Start();
        _output.Say($"[bold]{Show.Safe(_client.Account)}[/] [grey]— /help shows what you can do, /quit leaves[/]");
        if (_current is not null)
        {
            await ShowRecentAsync(_current, cancellationToken);
        }
        ShowPrompt();
        try
        {
            while (!_leaving && await ReadLineAsync(cancellationToken) is { } line)
            {
                await HandleAsync(line, cancellationToken);
                ShowPrompt();
            }
            if (_editor is null)
            {
                // A script that has said everything still wants it said.
                await connecting;
                await _client.SyncAsync(cancellationToken);
            }
        }
        finally
        {
            await ended.CancelAsync();
            await connecting;
            await showing;
        }
    }

    private Task<string?> ReadLineAsync(CancellationToken cancellationToken) =>
        _editor is not null ? _editor.ReadLineAsync(cancellationToken) : Console.In.ReadLineAsync(cancellationToken).AsTask();

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.ConnectAsync(cancellationToken);
            _output.Say($"[grey]connected to[/] {Show.Safe(_client.Server.Host)} [grey]({_client.Security})[/]");
        }
        catch (OperationCanceledException)
        {
            // The user left.
        }
        catch (Exception e)
        {
            _output.Complain(Complaint.OfAny(e));
            _output.Say("[grey]You can read, and what you say waits here. /connect tries again.[/]");
        }
    }

    private async Task HandleAsync(string line, CancellationToken cancellationToken)
    {
        try
        {
            if (line.StartsWith('/'))
            {
                await RunCommandAsync(line[1..], cancellationToken);
            }
            else if (line.Trim().Length > 0)
            {
                await SayAsync(line, cancellationToken);
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _output.Complain(Complaint.OfAny(e));
        }
    }

    private async Task SayAsync(string text, CancellationToken cancellationToken)
    {
        Conversation conversation = _current ?? throw new UsageException("Nobody would hear that.", "Talk to somebody: /dm PERSON, or make a group: /group create NAME PEOPLE.");
        await using var session = new Session(_client, _output, ownsClient: false) { Current = conversation };
        await TalkVerbs.ShowSaidAsync(session, conversation, text, cancellationToken);
    }

    private async Task RunCommandAsync(string line, CancellationToken cancellationToken)
    {
        ParseResult parsed = _commands.Parse(line);
        if (parsed.Errors.Count > 0)
        {
            throw new UsageException(string.Join(' ', parsed.Errors.Select(static e => e.Message)), "/help shows what there is.");
        }
        var text = new StringWriter();
        await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = text, Error = text, ProcessTerminationTimeout = null }, cancellationToken);
        if (text.ToString() is { Length: > 0 } help)
        {
            _output.Say(Markup.Escape(help));
        }
    }

    private IEnumerable<Command> OwnCommands()
    {
        var open = new Command("open", "Go to a conversation") { Words.Conversation(this) };
        open.SetAction((parsed, cancellationToken) => OpenAsync(parsed.GetRequiredValue<string>("conversation"), cancellationToken));
        var connect = new Command("connect", "Try to reach the server");
        connect.SetAction((_, cancellationToken) => ConnectAsync(cancellationToken));
        var quit = new Command("quit", "Leave") { Aliases = { "exit", "q" } };
        quit.SetAction(_ => _leaving = true);
        var help = new Command("help", "What can be done");
        help.SetAction(_ => ShowHelp());
        return [open, connect, quit, help];
    }

    private async Task OpenAsync(string name, CancellationToken cancellationToken)
    {
        await using var session = new Session(_client, _output, ownsClient: false);
        Enter(session.Find(name));
        await ShowRecentAsync(_current!, cancellationToken);
    }

    private void ShowHelp()
    {
        Table table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("command", "what");
        foreach (Command command in _commands.Subcommands.OrderBy(static c => c.Name, StringComparer.Ordinal))
        {
            string words = command.Subcommands.Count > 0 ? string.Join('|', command.Subcommands.Select(static c => c.Name)) : string.Join(' ', command.Arguments.Select(static a => a.Name.ToUpperInvariant()));
            table.AddRow($"[bold]/{command.Name}[/] {Markup.Escape(words)}", $"[grey]{Markup.Escape(command.Description ?? "")}[/]");
        }
        _output.Tell(table, []);
    }

    private void Enter(Conversation conversation)
    {
        _current = conversation;
        ShowPrompt();
    }

    private async Task ShowRecentAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        ChatMessage? last = null;
        await foreach (ChatMessage message in conversation.HistoryAsync(10, cancellationToken: cancellationToken))
        {
            _output.Say(Show.Message(message));
            last = message;
        }
        if (last is not null && conversation.UnreadCount > 0)
        {
            await conversation.MarkReadAsync(last.Id, cancellationToken);
        }
    }

    private void ShowPrompt()
    {
        if (_editor is null || _output is not ChatOutput output)
        {
            return;
        }
        int elsewhere = _client.Conversations.Where(c => c.Id != _current?.Id).Sum(static c => c.UnreadCount);
        string where = _current is null ? "nobody" : Plain.ShortName(_current.Name);
        string more = elsewhere > 0 ? $" ({elsewhere} elsewhere)" : "";
        string plain = $"{Plain.Clean(where)}{more}> ";
        _editor.SetPrompt(output.Render($"[bold]{Show.Safe(where)}[/][yellow]{more}[/][grey]>[/] "), LineBuffer.WidthOf(plain));
    }

    private async Task ShowEventsAsync(IAsyncEnumerable<ClientEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (ClientEvent item in events)
            {
                await ShowEventAsync(item, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The user left.
        }
    }

    private async Task ShowEventAsync(ClientEvent item, CancellationToken cancellationToken)
    {
        if (item is ConversationAdded added)
        {
            _current ??= added.Conversation;
        }
        if (item is MessageReceived received)
        {
            bool here = received.Conversation.Id == _current?.Id;
            _output.Tell(Show.Message(received.Message, here ? null : received.Conversation.Name), Show.Json(received.Conversation, received.Message));
            if (here && !received.Message.IsOwn && _editor is not null)
            {
                await received.Conversation.MarkReadAsync(received.Message.Id, cancellationToken);
            }
        }
        else if (item is not (ConnectionChanged { State: ConnectionState.Connected } or MessageStateChanged { State: not MessageState.Failed }) || _output.IsJson)
        {
            if (EventLines.Json(item) is { } line)
            {
                _output.Tell(EventLines.Markup(item), line);
            }
        }
        ShowPrompt();
    }

    private List<string> Complete(string text, int cursor)
    {
        if (!text.StartsWith('/'))
        {
            string word = text[(text.LastIndexOf(' ', Math.Max(0, cursor - 1), Math.Max(0, cursor)) + 1)..cursor];
            return word.Length == 0 ? [] : [.. (_current?.Members ?? []).Select(static m => Plain.ShortName(m.Account)).Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))];
        }
        ParseResult parsed = _commands.Parse(text[1..cursor]);
        bool first = text.AsSpan(0, cursor).IndexOf(' ') < 0;
        return [.. parsed.GetCompletions(cursor - 1).Select(static item => item.Label).Where(static label => !label.StartsWith('-')).Select(label => first ? "/" + label : label)];
    }
}
