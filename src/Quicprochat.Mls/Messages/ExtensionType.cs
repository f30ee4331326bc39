namespace Quicprochat.Mls.Messages;

/// <summary>What an extension means (RFC 9420 §17.3). Unknown values are kept; 0xF000 to 0xFFFF are an application's own.</summary>
public enum ExtensionType : ushort
{
    /// <summary>Not a type.</summary>
    Reserved = 0,

    /// <summary>In leaf nodes: an identifier the application gives its client (RFC 9420 §5.3.3).</summary>
    ApplicationId = 1,

    /// <summary>In GroupInfo: the public tree (RFC 9420 §12.4.3.3).</summary>
    RatchetTree = 2,

    /// <summary>In the GroupContext: what every member must support (RFC 9420 §11.1).</summary>
    RequiredCapabilities = 3,

    /// <summary>In GroupInfo: the key for external commits (RFC 9420 §12.4.3.2).</summary>
    ExternalPub = 4,

    /// <summary>In the GroupContext: who may propose from outside (RFC 9420 §12.1.8.1).</summary>
    ExternalSenders = 5,

    /// <summary>In key packages: it may be used more than once (draft-ietf-mls-extensions, last_resort_key_package).</summary>
    LastResort = 0x000A,
}
