namespace Quicprochat.Server.Storage.Sqlite;

/// <summary>The database's tables, version by version. A version that was released is never changed; a new one is added behind it. docs/protocol/storage.md describes them.</summary>
internal static class Migrations
{
    /// <summary>"QPCS": a file with another application id is not ours.</summary>
    public const int ApplicationId = 0x51504353;

    /// <summary>All, the first leading from an empty file to version 1.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        """
        CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, key BLOB NOT NULL UNIQUE, version INTEGER NOT NULL) STRICT;
        CREATE TABLE device_list (
            account INTEGER NOT NULL REFERENCES account, version INTEGER NOT NULL, hash BLOB NOT NULL, list BLOB NOT NULL, signature BLOB NOT NULL,
            PRIMARY KEY (account, version)) STRICT;
        CREATE TABLE device (
            id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account, device_id BLOB NOT NULL, active INTEGER NOT NULL, key BLOB NOT NULL,
            not_before INTEGER NOT NULL, not_after INTEGER NOT NULL, UNIQUE (account, device_id)) STRICT;
        CREATE TABLE invite (code_hash BLOB PRIMARY KEY, uses_left INTEGER NOT NULL, expires_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE key_package (
            id INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES device, suite INTEGER NOT NULL, digest BLOB NOT NULL, expires_ms INTEGER NOT NULL,
            bytes BLOB, UNIQUE (device, digest)) STRICT;
        CREATE INDEX key_package_stock ON key_package (device, suite, expires_ms) WHERE bytes IS NOT NULL;
        CREATE INDEX key_package_expiry ON key_package (expires_ms);
        CREATE TABLE last_resort (
            device INTEGER NOT NULL REFERENCES device, suite INTEGER NOT NULL, expires_ms INTEGER NOT NULL, used INTEGER NOT NULL, bytes BLOB NOT NULL,
            PRIMARY KEY (device, suite)) STRICT;
        CREATE TABLE chat (id INTEGER PRIMARY KEY, group_id BLOB NOT NULL UNIQUE, window_start INTEGER NOT NULL) STRICT;
        CREATE TABLE entry (
            id INTEGER PRIMARY KEY, chat INTEGER NOT NULL REFERENCES chat, idx INTEGER NOT NULL, hash BLOB NOT NULL, epoch_after INTEGER NOT NULL,
            time_ms INTEGER NOT NULL, submitter INTEGER NOT NULL REFERENCES device, reported INTEGER NOT NULL, body BLOB NOT NULL,
            bytes BLOB, blob BLOB, length INTEGER, UNIQUE (chat, idx)) STRICT;
        CREATE INDEX entry_hash ON entry (hash);
        CREATE INDEX entry_blob ON entry (blob) WHERE blob IS NOT NULL;
        CREATE TABLE roster (entry INTEGER PRIMARY KEY, devices BLOB, left_ms INTEGER) STRICT;
        CREATE INDEX roster_left ON roster (left_ms) WHERE left_ms IS NOT NULL;
        CREATE TABLE group_info (entry INTEGER PRIMARY KEY, bytes BLOB, blob BLOB, length INTEGER) STRICT;
        CREATE INDEX group_info_blob ON group_info (blob) WHERE blob IS NOT NULL;
        CREATE TABLE member (device INTEGER NOT NULL, chat INTEGER NOT NULL, PRIMARY KEY (device, chat)) STRICT, WITHOUT ROWID;
        CREATE INDEX member_chat ON member (chat);
        CREATE TABLE message (
            id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, entry INTEGER NOT NULL, kind INTEGER NOT NULL, time_ms INTEGER NOT NULL, remaining INTEGER NOT NULL,
            message_id BLOB, bytes BLOB, blob BLOB, length INTEGER) STRICT;
        CREATE INDEX message_blob ON message (blob) WHERE blob IS NOT NULL;
        CREATE TABLE mailbox (device INTEGER NOT NULL, seq INTEGER NOT NULL, message INTEGER NOT NULL, PRIMARY KEY (device, seq)) STRICT, WITHOUT ROWID;
        CREATE TABLE mailbox_state (device INTEGER PRIMARY KEY, acknowledged INTEGER NOT NULL, lost INTEGER NOT NULL) STRICT;
        CREATE TABLE sent (
            message_id BLOB NOT NULL, chat INTEGER NOT NULL, digest BLOB NOT NULL, time_ms INTEGER NOT NULL, recipients INTEGER NOT NULL,
            PRIMARY KEY (message_id, chat)) STRICT, WITHOUT ROWID;
        CREATE TABLE blob (
            id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL, chat INTEGER NOT NULL REFERENCES chat, length INTEGER NOT NULL, received INTEGER NOT NULL,
            complete INTEGER NOT NULL, time_ms INTEGER NOT NULL, UNIQUE (hash, chat)) STRICT;
        CREATE INDEX blob_time ON blob (time_ms);
        CREATE TABLE chunk (
            id INTEGER PRIMARY KEY, blob INTEGER NOT NULL, offset INTEGER NOT NULL, bytes BLOB NOT NULL,
            UNIQUE (blob, offset)) STRICT;
        CREATE TABLE change (id INTEGER PRIMARY KEY, origin INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
        """,
    ];
}
