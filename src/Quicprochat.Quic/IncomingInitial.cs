using Quicprochat.Quic.Packets;

namespace Quicprochat.Quic;

/// <summary>What a server learns from a client's first Initial before it makes a connection of it.</summary>
/// <param name="DestinationId">The id the client sent to.</param>
/// <param name="SourceId">The id the client wants to be sent to.</param>
/// <param name="OriginalDestinationId">The id of the client's very first Initial; differs from <see cref="DestinationId"/> after a Retry.</param>
/// <param name="RetrySourceId">The id our Retry chose, null without one.</param>
/// <param name="AddressIsValidated">True when a valid token came with it.</param>
internal readonly record struct IncomingInitial(
    ConnectionId DestinationId, ConnectionId SourceId, ConnectionId OriginalDestinationId, ConnectionId? RetrySourceId, bool AddressIsValidated);
