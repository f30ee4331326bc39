using System.Text;
using Quicprochat.Mls;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Storage;

namespace MlsPeer;

internal sealed partial class Peer
{
    private PskTable _psks = new();
    private MemoryGroupStore _store = new();
    private CipherSuites _suites = Suites.Known;
    private CipherSuite _suite = Suites.Known.Default;
    private MlsClient _client;
    private string? _name;
    private SigningIdentity? _identity;
    private WireFormat _wire = WireFormat.PrivateMessage;
    private bool _hold;

    private static MlsClient NewClient(CipherSuites suites, IGroupStore store, IPskSource psks) =>
        new()
        {
            Authentication = new AcceptEveryone(),
            CipherSuites = suites,
            Store = store,
            Psks = psks,
            // A refused line changes nothing, so nothing is held for an epoch to come: it is told again when its time has come.
            Retention = new RetentionPolicy { HeldMessagesMax = 0 },
        };

    /// <summary>suite ID, or suite ID NAME to give a suite another code point, as other libraries have for the hybrids.</summary>
    private string[] SetSuite(Words words)
    {
        int id = words.Number("cipher suite");
        string name = words.Text().Trim();
        CipherSuites suites = name.Length == 0 ? _suites : Suites.Renumber(_suites, name, id);
        _suite = id <= ushort.MaxValue && suites.TryFind((ushort)id, out CipherSuite? suite)
            ? suite
            : throw new RefusedException(nameof(MlsErrorCode.CipherSuiteUnknown), "The cipher suite is not known.");
        if (!ReferenceEquals(suites, _suites))
        {
            _suites = suites;
            _client = NewClient(suites, _store, _psks);
        }
        _identity = null;
        return Silent;
    }

    private string[] SetIdentity(Words words)
    {
        _name = words.Text();
        _identity = null;
        return Silent;
    }

    private string[] SetWire(Words words)
    {
        bool isPublic = words.Either("public", "private");
        words.End();
        _wire = isPublic ? WireFormat.PublicMessage : WireFormat.PrivateMessage;
        return Silent;
    }

    /// <summary>psk ID SECRETHEX: the secret is known from now on, and the next commit made here proposes it.</summary>
    private string[] SetPsk(Words words)
    {
        byte[] id = Encoding.UTF8.GetBytes(words.Word("id"));
        byte[] secret = words.Hex("secret");
        words.End();
        _psks.Put(id, secret);
        return Silent;
    }

    private string[] SetHold(Words words)
    {
        bool hold = words.Either("on", "off");
        words.End();
        _hold = hold;
        return Silent;
    }

    /// <summary>The signature key is made when it is first needed, for the suite that is set by then.</summary>
    private SigningIdentity Identity() =>
        _identity ??= _name is null
            ? throw new RefusedException("NoIdentity", "Say identity first.")
            : _client.CreateIdentity(Credential.Basic(_name), _suite);
}
