using Quicprochat.Sdk;
using Quicprochat.Sdk.Store;

// dotnet run -- echo localhost:5001#fingerprint     registers the bot the first time; afterwards it goes on where it was.
var options = new QpcClientOptions { ProfilePath = "echo-bot", Key = StoreKey.FromFile("echo-bot.key") };
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

await using QpcClient bot = Directory.Exists(options.ProfilePath)
    ? await QpcClient.OpenAsync(options, stop.Token)
    : await QpcClient.CreateAsync(options, new RegisterOptions { Account = args[0], Server = ServerAddress.Parse(args[1]) }, stop.Token);
var events = bot.Events(stop.Token);
await bot.ConnectAsync(stop.Token);
Console.WriteLine($"{bot.Account} answers.");
await foreach (ClientEvent item in events)
{
    if (item is MessageReceived { Message: { IsOwn: false, Text: { } text } message } received)
    {
        await received.Conversation.SendAsync(new ReplyContent(message.Id, text), stop.Token);
    }
}
