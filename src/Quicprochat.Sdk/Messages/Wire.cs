using Quicprochat.Mls.Messages;

namespace Quicprochat.Sdk.Messages;

/// <summary>Numbers of docs/protocol/messages.md.</summary>
internal static class Wire
{
    /// <summary>The GroupContext extension that holds a <see cref="ConversationInfo"/>, from the private-use range (RFC 9420 §17.3).</summary>
    public const ExtensionType ConversationInfoExtension = (ExtensionType)0xF0C2;

    /// <summary>The longest name of a group in characters.</summary>
    public const int NameMax = 128;

    /// <summary>The longest text in UTF-8 bytes.</summary>
    public const int TextMax = 1024 * 1024;
}
