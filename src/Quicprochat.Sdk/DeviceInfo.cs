namespace Quicprochat.Sdk;

/// <summary>A device of this client's account.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What it is called, for people.</param>
/// <param name="NotAfter">When its certificate ends.</param>
/// <param name="IsThis">True for the device this client is.</param>
public sealed record DeviceInfo(DeviceId Id, string Name, DateTimeOffset NotAfter, bool IsThis);
