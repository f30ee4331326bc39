namespace Quicprochat.Sdk;

/// <summary>An account that is in a conversation, with the devices that are.</summary>
/// <param name="Account"><c>alice@example.org</c>.</param>
/// <param name="Devices">Its devices that are members.</param>
/// <param name="IsSelf">True for the account of this client.</param>
/// <param name="Trust">What is known of its key.</param>
public sealed record ConversationMember(string Account, IReadOnlyList<DeviceId> Devices, bool IsSelf, KeyTrust Trust);
