using Quicprochat.Mls.Messages;
using Quicprochat.Mls.Tree;

namespace Quicprochat.Mls.Groups;

/// <summary>What the extensions of a group ask of every member (RFC 9420 §11.1, §13.4), parsed once.</summary>
internal sealed class GroupRequirements
{
    private GroupRequirements(IReadOnlyList<Extension> extensions, RequiredCapabilities required, IReadOnlyList<ExternalSender> senders)
    {
        Extensions = extensions;
        Required = required;
        ExternalSenders = senders;
    }

    public IReadOnlyList<Extension> Extensions { get; }

    public RequiredCapabilities Required { get; }

    public IReadOnlyList<ExternalSender> ExternalSenders { get; }

    public static MlsError? TryParse(IReadOnlyList<Extension> extensions, out GroupRequirements requirements)
    {
        requirements = new GroupRequirements(extensions, new RequiredCapabilities(), []);
        if (extensions.HasDuplicates())
        {
            return Rule.DuplicateExtension; // RFC 9420 §13.4
        }
        RequiredCapabilities? required = new();
        if (extensions.TryFind(ExtensionType.RequiredCapabilities, out ReadOnlyMemory<byte> data) && !RequiredCapabilities.TryParse(data, out required))
        {
            return Rule.RequiredCapabilitiesMalformed; // RFC 9420 §11.1
        }
        IReadOnlyList<ExternalSender> senders = [];
        if (extensions.TryFind(ExtensionType.ExternalSenders, out data) && !ExternalSender.TryParse(data, out senders))
        {
            return Rule.ExternalSendersMalformed; // RFC 9420 §12.1.8.1
        }
        requirements = new GroupRequirements(extensions, required, senders);
        return null;
    }

    /// <summary>One leaf against the requirements.</summary>
    public MlsError? Check(Capabilities capabilities)
    {
        if (!Required.Extensions.All(capabilities.Supports) || !Required.Proposals.All(capabilities.Supports) || !Required.Credentials.All(capabilities.Supports))
        {
            return Rule.LeafRequiredCapabilities; // RFC 9420 §7.3
        }
        return Extensions.All(extension => capabilities.Supports(extension.Type)) ? null : Rule.LeafGroupExtension; // RFC 9420 §13.4
    }

    /// <summary>A whole tree against the requirements, by its counts.</summary>
    public MlsError? Check(RatchetTree tree) =>
        Required.Extensions.All(tree.AllSupport) && Required.Proposals.All(tree.AllSupport) && Required.Credentials.All(tree.AllSupport)
        && Extensions.All(extension => tree.AllSupport(extension.Type))
            ? null
            : Rule.GroupContextExtensionsUnsupported; // RFC 9420 §12.1.7
}
