using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Quicprochat.Mls.Messages;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Messages;
using Extension = Quicprochat.Mls.Messages.Extension;

namespace Quicprochat.Sdk.Conversations;

/// <summary>What a group's context says of the conversation.</summary>
internal static class Info
{
    public static bool TryRead(IReadOnlyList<Extension> extensions, [NotNullWhen(true)] out ConversationInfo? info)
    {
        foreach (Extension extension in extensions)
        {
            if (extension.Type == Wire.ConversationInfoExtension)
            {
                return Protobuf.TryParse(ConversationInfo.Parser, extension.Data.Span, out info);
            }
        }
        info = null;
        return false;
    }

    /// <summary>The extensions of a group: what every member must support, and the conversation.</summary>
    public static IReadOnlyList<Extension> Write(ConversationInfo info) =>
    [
        new RequiredCapabilities { Extensions = [Wire.ConversationInfoExtension], Credentials = [VerifiedMember.CredentialType] }.ToExtension(),
        new Extension(Wire.ConversationInfoExtension, info.ToByteArray()),
    ];
}
