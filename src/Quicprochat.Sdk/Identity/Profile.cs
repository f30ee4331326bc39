using System.Security.Cryptography;
using Google.Protobuf;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Messages;
using Quicprochat.Sdk.Store;

namespace Quicprochat.Sdk.Identity;

/// <summary>Who this client is and where its server is, as its store keeps it.</summary>
internal sealed class Profile : IDisposable
{
    private const string Setting = "profile";

    private Profile(ProfileRecord record, DeviceIdentity device, AccountKeys? account)
    {
        Record = record;
        Device = device;
        Account = account;
    }

    public ProfileRecord Record { get; }

    public DeviceIdentity Device { get; }

    /// <summary>The account key; null on a device that does not hold it.</summary>
    public AccountKeys? Account { get; }

    public ServerAddress Server
    {
        get
        {
            var address = ServerAddress.Parse(Record.Server);
            return Record.ServerKey.IsEmpty ? address : address.WithKey(Record.ServerKey.Span);
        }
    }

    /// <summary>A profile whose device the account already vouches for.</summary>
    /// <exception cref="QpcException">The record does not hold together.</exception>
    public static Profile From(ProfileRecord record)
    {
        if (!DeviceId.TryFrom(record.DeviceId.Span, out DeviceId id) || !VerifiedDeviceList.TryRead(record.Devices, record.Account, out VerifiedDeviceList? list))
        {
            throw new QpcException(QpcError.ProfileUnusable, "The profile does not hold together.", "Restore it from a copy, or make a new one.");
        }
        var device = new DeviceIdentity(record.Account, id, record.DeviceSeed.Span, list!);
        AccountKeys? account = record.AccountSeed.IsEmpty ? null : new AccountKeys(record.Account, record.AccountSeed.Span);
        return new Profile(record, device, account);
    }

    public static ProfileRecord? Read(StoreTransaction transaction) =>
        transaction.Settings.Find(Setting) is { } bytes ? ProfileRecord.Parser.ParseFrom(bytes) : null;

    public static void Write(StoreTransaction transaction, ProfileRecord record)
    {
        byte[] bytes = record.ToByteArray();
        try
        {
            transaction.Settings.Put(Setting, bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>A newer list of the own account.</summary>
    public void Take(StoreTransaction transaction, VerifiedDeviceList list)
    {
        SignedDeviceList before = Record.Devices;
        VerifiedDeviceList listBefore = Device.List;
        Record.Devices = list.Signed;
        Device.List = list;
        transaction.OnRollback(() => (Record.Devices, Device.List) = (before, listBefore));
        Write(transaction, Record);
    }

    public void Dispose()
    {
        Device.Dispose();
        Account?.Dispose();
    }
}
