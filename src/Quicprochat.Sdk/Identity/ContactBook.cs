using System.Collections.Concurrent;
using Google.Protobuf;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Conversations;
using Quicprochat.Sdk.Session;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Rows;

namespace Quicprochat.Sdk.Identity;

/// <summary>
/// Whose keys were seen. The first key of an account is pinned; another one is noted beside it, and nothing is sent to the account until the user takes it.
/// Device lists are believed only as a chain that leads on from the one that is known.
/// </summary>
internal sealed class ContactBook(ClientState client)
{
    private readonly ConcurrentDictionary<string, ContactRow> _rows = new(StringComparer.Ordinal);

    public IReadOnlyList<Contact> All => [.. _rows.Values.OrderBy(static row => row.Account, StringComparer.Ordinal).Select(ToContact)];

    public void Load(StoreTransaction transaction)
    {
        foreach (ContactRow row in transaction.Contacts.List())
        {
            _rows[row.Account] = row;
        }
    }

    public KeyTrust TrustOf(string account)
    {
        ContactRow? row = _rows.GetValueOrDefault(account);
        bool self = string.Equals(account, client.Device.Account, StringComparison.Ordinal);
        return row is { ChangedKey.IsEmpty: false } ? KeyTrust.Changed
            : self || row is { Verified: true } ? KeyTrust.Verified
            : row is null ? KeyTrust.Unknown : KeyTrust.FirstSeen;
    }

    public Contact? Find(string account) => _rows.TryGetValue(account, out ContactRow? row) ? ToContact(row) : null;

    /// <summary>The newest list that was verified; null when only a credential was seen.</summary>
    public VerifiedDeviceList? ListOf(string account) =>
        _rows.TryGetValue(account, out ContactRow? row) && !row.DeviceList.IsEmpty
            && Protobuf.TryParse(SignedDeviceList.Parser, row.DeviceList.Span, out SignedDeviceList? signed)
            && VerifiedDeviceList.TryRead(signed, account, out VerifiedDeviceList? list)
            ? list
            : null;

    /// <summary>A member's credential was seen, in a transaction: its key is pinned, or noted as another one.</summary>
    public void Observe(StoreTransaction transaction, VerifiedMember member)
    {
        ReadOnlyMemory<byte> pinned = PinnedKeyOf(member.Account);
        if (pinned.IsEmpty)
        {
            Save(transaction, new ContactRow
            {
                Account = member.Account,
                AccountKey = ByteString.CopyFrom(member.AccountKey.Span),
                FirstSeenMs = client.NowMs,
            });
        }
        else if (!pinned.Span.SequenceEqual(member.AccountKey.Span))
        {
            NoteChanged(transaction, member.Account, member.AccountKey);
        }
    }

    /// <summary>Asks the server for an account's list, and follows the chain up to it. The user's own account included.</summary>
    /// <exception cref="QpcException">There is no such account, the chain does not hold, or the account's key is another than before.</exception>
    public async Task<VerifiedDeviceList> RefreshAsync(ServerSession session, string account, CancellationToken cancellationToken)
    {
        LookupResponse response = await session.CallAsync(Methods.Lookup, new LookupRequest { Account = account }, cancellationToken);
        return await FollowAsync(session, account, response.Devices, cancellationToken);
    }

    /// <summary>Follows the chain up to a list that the server showed.</summary>
    public async Task<VerifiedDeviceList> FollowAsync(ServerSession session, string account, SignedDeviceList shown, CancellationToken cancellationToken)
    {
        if (!VerifiedDeviceList.TryRead(shown, account, out VerifiedDeviceList? newest))
        {
            throw Invalid(account);
        }
        ReadOnlyMemory<byte> pinned = PinnedKeyOf(account);
        if (!pinned.IsEmpty && !pinned.Span.SequenceEqual(newest!.AccountKey.Span))
        {
            await client.Store.WriteAsync(transaction => NoteChanged(transaction, account, newest.AccountKey), cancellationToken);
            throw Changed(account);
        }
        VerifiedDeviceList? known = KnownListOf(account);
        if (known is not null && newest!.Version <= known.Version)
        {
            // A server may be behind; it cannot make anybody forget a list, and two lists of one version are a lie.
            return newest.Version < known.Version || newest.Follows(known) ? known : throw Invalid(account);
        }
        newest = await ReadChainAsync(session, account, known, newest!.Version, cancellationToken);
        await client.Store.WriteAsync(transaction => TakeList(transaction, newest), cancellationToken);
        return newest;
    }

    /// <summary>The user takes the new key.</summary>
    public Task AcceptAsync(string account, CancellationToken cancellationToken) => client.Store.WriteAsync(
        transaction =>
        {
            if (transaction.Contacts.Find(account) is { ChangedKey.IsEmpty: false } row)
            {
                (row.AccountKey, row.ChangedKey, row.Verified) = (row.ChangedKey, ByteString.Empty, false);
                (row.DeviceList, row.ListHash, row.ListVersion) = (ByteString.Empty, ByteString.Empty, 0);
                Save(transaction, row);
            }
        },
        cancellationToken);

    public Task SetVerifiedAsync(string account, bool verified, CancellationToken cancellationToken) => client.Store.WriteAsync(
        transaction =>
        {
            if (transaction.Contacts.Find(account) is { } row)
            {
                row.Verified = verified;
                Save(transaction, row);
            }
        },
        cancellationToken);

    public static QpcException Changed(string account) => new(
        QpcError.KeyChanged,
        $"The key of {account} is another than before: it was registered anew, or somebody pretends to be it.",
        "Compare the safety number with the person, then accept the new key.");

    private static QpcException Invalid(string account) => new(
        QpcError.IdentityInvalid, $"The server shows a device list of {account} that does not hold.", "Tell the server's operator; nothing was sent.");

    private ReadOnlyMemory<byte> PinnedKeyOf(string account) =>
        string.Equals(account, client.Device.Account, StringComparison.Ordinal) ? client.Device.List.AccountKey
            : _rows.TryGetValue(account, out ContactRow? row) ? row.AccountKey.Memory : default;

    private VerifiedDeviceList? KnownListOf(string account) =>
        string.Equals(account, client.Device.Account, StringComparison.Ordinal) ? client.Device.List : ListOf(account);

    private static async Task<VerifiedDeviceList> ReadChainAsync(
        ServerSession session, string account, VerifiedDeviceList? known, ulong version, CancellationToken cancellationToken)
    {
        while ((known?.Version ?? 0) < version)
        {
            DeviceListsResponse response = await session.CallAsync(
                Methods.DeviceLists, new DeviceListsRequest { Account = account, FromVersion = (known?.Version ?? 0) + 1 }, cancellationToken);
            VerifiedDeviceList? last = response.Lists.Count == 0 ? null : VerifiedDeviceList.ReadChain(response.Lists, account, known);
            known = last ?? throw Invalid(account);
        }
        return known!;
    }

    private void TakeList(StoreTransaction transaction, VerifiedDeviceList list)
    {
        if (string.Equals(list.Account, client.Device.Account, StringComparison.Ordinal))
        {
            client.Profile.Take(transaction, list);
            return;
        }
        ContactRow row = transaction.Contacts.Find(list.Account)
            ?? new ContactRow { Account = list.Account, AccountKey = ByteString.CopyFrom(list.AccountKey.Span), FirstSeenMs = client.NowMs };
        row.DeviceList = list.Signed.ToByteString();
        row.ListVersion = list.Version;
        row.ListHash = ByteString.CopyFrom(list.Hash.Span);
        Save(transaction, row);
    }

    private void NoteChanged(StoreTransaction transaction, string account, ReadOnlyMemory<byte> key)
    {
        ContactRow row = transaction.Contacts.Find(account) ?? new ContactRow
        {
            Account = account,
            AccountKey = ByteString.CopyFrom(PinnedKeyOf(account).Span),
            FirstSeenMs = client.NowMs,
        };
        if (!row.ChangedKey.Span.SequenceEqual(key.Span))
        {
            row.ChangedKey = ByteString.CopyFrom(key.Span);
            Save(transaction, row);
            transaction.OnCommit(() => client.Events.Raise(new KeyChanged(ToContact(row))));
        }
    }

    private void Save(StoreTransaction transaction, ContactRow row)
    {
        ContactRow? before = _rows.GetValueOrDefault(row.Account);
        transaction.Contacts.Put(row);
        _rows[row.Account] = row.Clone();
        transaction.OnRollback(() =>
        {
            if (before is null)
            {
                _rows.TryRemove(row.Account, out _);
            }
            else
            {
                _rows[row.Account] = before;
            }
        });
    }

    private Contact ToContact(ContactRow row)
    {
        ByteString key = row.ChangedKey.IsEmpty ? row.AccountKey : row.ChangedKey;
        return new Contact(row.Account, TrustOf(row.Account), SafetyNumber.Of(client.Device.Account, client.Device.List.AccountKey.Span, row.Account, key.Span));
    }
}
