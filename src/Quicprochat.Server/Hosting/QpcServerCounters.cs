namespace Quicprochat.Server.Hosting;

/// <summary>Figures of a running server at one moment. The meter <c>Quicprochat.Server</c> has more.</summary>
/// <param name="Connections">Connections.</param>
/// <param name="Subscriptions">Devices that are pushed their mailbox.</param>
/// <param name="CallsInFlight">Calls being answered.</param>
/// <param name="MessagesAccepted">Messages stored since the start.</param>
public readonly record struct QpcServerCounters(int Connections, int Subscriptions, int CallsInFlight, long MessagesAccepted);
