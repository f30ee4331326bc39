using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;

namespace Quicprochat.Sdk.Session;

/// <summary>A connection on which the server knows which device this is.</summary>
/// <param name="Rpc">Makes calls.</param>
/// <param name="Answer">What the server said to the authentication.</param>
internal sealed record Attachment(RpcClient Rpc, AuthenticateResponse Answer);
