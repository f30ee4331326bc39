namespace Quicprochat.Quic.Packets;

/// <summary>What an address validation token says (RFC 9000 §8.1.4). On the wire it is sealed by <see cref="AddressTokenKey"/>.</summary>
/// <param name="Kind">How it is handed to the client.</param>
/// <param name="Remote">The client's address; in a NEW_TOKEN token the port does not count.</param>
/// <param name="IssuedAt">When, in microseconds of the endpoint's clock.</param>
internal readonly record struct AddressToken(AddressTokenKind Kind, Address Remote, long IssuedAt)
{
    /// <summary>Retry: the Destination Connection ID of the client's first Initial, for original_destination_connection_id (RFC 9000 §7.3).</summary>
    public ConnectionId OriginalDestination { get; init; }

    /// <summary>Retry: the Source Connection ID of the Retry, for retry_source_connection_id (RFC 9000 §7.3).</summary>
    public ConnectionId RetrySource { get; init; }
}
