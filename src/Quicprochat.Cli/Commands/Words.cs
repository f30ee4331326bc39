using System.CommandLine;
using System.CommandLine.Completions;

namespace Quicprochat.Cli.Commands;

/// <summary>Arguments that several verbs share, with their completion.</summary>
internal static class Words
{
    public static Argument<string> Conversation(ISessions sessions) => Complete(new Argument<string>("conversation") { Description = "A group's name, a person, or the beginning of an id" }, sessions, ConversationNames);

    public static Argument<string?> OptionalConversation(ISessions sessions) =>
        Complete(new Argument<string?>("conversation") { Description = "A group's name, a person, or the beginning of an id", Arity = ArgumentArity.ZeroOrOne }, sessions, ConversationNames);

    public static Argument<string> Person(ISessions sessions) => Complete(new Argument<string>("person") { Description = "bob, or bob@example.org" }, sessions, People);

    public static Argument<string[]> People(ISessions sessions, bool required) => Complete(
        new Argument<string[]>("people") { Description = "bob carol@example.org …", Arity = required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore }, sessions, People);

    public static Argument<string[]> Text { get; } = new("text") { Description = "What to say; - reads standard input, a message a line", Arity = ArgumentArity.OneOrMore };

    private static T Complete<T>(T argument, ISessions sessions, Func<Sdk.QpcClient, IEnumerable<string>> names)
        where T : Argument
    {
        argument.CompletionSources.Add(_ => sessions.Running is { } client ? names(client).Select(static name => new CompletionItem(name)) : []);
        return argument;
    }

    private static IEnumerable<string> ConversationNames(Sdk.QpcClient client) => client.Conversations.Select(static c => c.Name);

    private static IEnumerable<string> People(Sdk.QpcClient client) => client.Contacts.Select(static contact => contact.Account);
}
