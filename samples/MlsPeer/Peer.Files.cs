using System.Text;
using Quicprochat.Mls;
using Quicprochat.Mls.Credentials;
using Quicprochat.Mls.Framing;
using Quicprochat.Mls.Groups;
using Quicprochat.Mls.Storage;

namespace MlsPeer;

/// <summary>A file holds lines, as everything here does: what was set, and every record of the store. It holds secrets in the clear.</summary>
internal sealed partial class Peer
{
    private string[] Save(Words words)
    {
        string file = FileName(words);
        Group group = CurrentGroup();
        var lines = new List<string> { $"suite {_suite.Id} {_suite.Name}", $"wire {(_wire == WireFormat.PublicMessage ? "public" : "private")}" };
        if (_name is not null)
        {
            lines.Add($"identity {_name}");
        }
        lines.AddRange(_psks.All.Select(static psk => $"psk {Convert.ToHexStringLower(psk.Id)} {Convert.ToHexStringLower(psk.Secret)}"));
        lines.AddRange(_store.ReadRange([]).Select(static record => $"record {Convert.ToHexStringLower(record.Key.Span)} {Convert.ToHexStringLower(record.Value.Span)}"));
        lines.Add($"group {Convert.ToHexStringLower(group.GroupId.Span)}");
        File.WriteAllLines(file, lines, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return Silent;
    }

    /// <summary>Reads into another peer, and becomes it only when all of the file was good.</summary>
    private string[] Load(Words words)
    {
        string file = FileName(words);
        var loaded = new Peer(_time);
        var records = new List<RecordChange>();
        byte[] groupId = [];
        foreach (string line in File.ReadLines(file, Encoding.UTF8))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            var rest = new Words(space < 0 ? "" : line[(space + 1)..]);
            switch (space < 0 ? line : line[..space])
            {
                case "record":
                    records.Add(new RecordChange(rest.Hex("key"), rest.Hex("value")));
                    break;
                case "group":
                    groupId = rest.Hex("group id");
                    break;
                case var setting:
                    loaded.Run(setting, rest);
                    break;
            }
        }
        loaded._store.Apply(new GroupChanges { GroupId = groupId, Records = records });
        loaded._group = Group.TryLoad(loaded._client, groupId) ?? throw new RefusedException("File", "The file holds no group.");
        loaded._psks.Owed = [];
        Become(loaded);
        return Silent;
    }

    private void Become(Peer other)
    {
        (_suites, _suite, _client, _store) = (other._suites, other._suite, other._client, other._store);
        (_name, _identity, _wire) = (other._name, other._identity, other._wire);
        (_psks, _group, _pendingJoin) = (other._psks, other._group, other._pendingJoin);
    }

    private static string FileName(Words words)
    {
        string file = words.Text();
        return file.Length > 0 ? file : throw new RefusedException("Usage", "The file is missing.");
    }
}
