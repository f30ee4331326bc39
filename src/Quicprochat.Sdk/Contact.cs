namespace Quicprochat.Sdk;

/// <summary>An account whose key this client has seen.</summary>
/// <param name="Account"><c>alice@example.org</c>.</param>
/// <param name="Trust">What is known of its key.</param>
/// <param name="SafetyNumber">What the two people compare: 60 digits in groups of 5. Of the new key, when the key changed.</param>
public sealed record Contact(string Account, KeyTrust Trust, string SafetyNumber);
