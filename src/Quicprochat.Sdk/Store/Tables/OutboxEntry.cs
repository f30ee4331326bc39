using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>Something to be sent.</summary>
/// <param name="Row">What.</param>
/// <param name="State">How far it came.</param>
internal readonly record struct OutboxEntry(OutboxRow Row, OutboxStateRow State);
