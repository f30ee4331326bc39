namespace Quicprochat.Server.KeyPackages;

/// <summary>What the server keeps of a key package beside its bytes.</summary>
/// <param name="CipherSuite">The suite it is for.</param>
/// <param name="NotAfter">The end of its lifetime in Unix seconds.</param>
/// <param name="IsLastResort">It has the last_resort extension.</param>
internal readonly record struct KeyPackageFacts(ushort CipherSuite, ulong NotAfter, bool IsLastResort);
