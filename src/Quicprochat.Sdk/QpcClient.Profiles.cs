using System.Buffers.Text;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Quicprochat.Rpc.Calls;
using Quicprochat.Rpc.Contracts;
using Quicprochat.Sdk.Conversations;
using Quicprochat.Sdk.Identity;
using Quicprochat.Sdk.Messages;
using Quicprochat.Sdk.Session;
using Quicprochat.Sdk.Store;

namespace Quicprochat.Sdk;

/// <content>How a profile begins: a new account, a further device, or what is on disk.</content>
public sealed partial class QpcClient
{
    private const int NameMax = 64;

    private readonly Turns _makes = new();

    /// <summary>
    /// A new profile: makes the account's keys and this device's, registers at the server, and stocks key packages. The client is connected. When it was interrupted before,
    /// the same call goes on with the keys that were made.
    /// </summary>
    /// <exception cref="QpcException">The server cannot be reached or refuses, or the profile exists.</exception>
    public static async Task<QpcClient> CreateAsync(QpcClientOptions options, RegisterOptions register, CancellationToken cancellationToken = default)
    {
        await new CallerContext(options.Home);
        var door = new ServerDoor(options, register.Server);
        await using RpcClient rpc = await door.OpenAsync(cancellationToken);
        return await ExplainAsync(async () =>
        {
            ServerInfoResponse server = await rpc.CallAsync(Methods.ServerInfo, new ServerInfoRequest(), cancellationToken);
            string account = NewAddress(register.Account, server.Name);
            CheckClock(options, server);
            bool existed = Directory.Exists(options.ProfilePath);
            LocalStore store = await OpenOrMakeAsync(options);
            try
            {
                ProfileRecord record = await store.ReadAsync(Identity.Profile.Read, cancellationToken) ?? NewAccount(options, register, account);
                if (!record.Pending || record.AccountSeed.IsEmpty || !string.Equals(record.Account, account, StringComparison.Ordinal))
                {
                    throw new QpcException(QpcError.ProfileExists, $"There is a profile of {record.Account} in {options.ProfilePath}.", "Open it, or name another folder.");
                }
                SetServer(record, door.Address);
                await store.WriteAsync(transaction => Identity.Profile.Write(transaction, record), cancellationToken);
                await rpc.CallAsync(Methods.Register, new RegisterRequest { Devices = record.Devices, Invite = register.Invite ?? string.Empty }, cancellationToken);
                record.Pending = false;
                await store.WriteAsync(transaction => Identity.Profile.Write(transaction, record), cancellationToken);
                await rpc.DisposeAsync();
                QpcClient client = await StartAsync(options, store, record);
                return await ConnectNewAsync(client, cancellationToken);
            }
            catch (RpcException)
            {
                // The server does not want it: nothing is left behind.
                await store.DisposeAsync();
                Forget(options, existed);
                throw;
            }
            catch
            {
                await store.DisposeAsync();
                throw;
            }
        });
    }

    /// <summary>Opens a profile. The client is Offline until <see cref="ConnectAsync"/>.</summary>
    /// <exception cref="QpcException">There is no profile, or it does not open.</exception>
    public static async Task<QpcClient> OpenAsync(QpcClientOptions options, CancellationToken cancellationToken = default)
    {
        await new CallerContext(options.Home);
        return await ExplainAsync(async () =>
        {
            LocalStore store = await LocalStore.OpenAsync(options.ProfilePath, options.Key, StoreOptions(options));
            try
            {
                ProfileRecord? record = await store.ReadAsync(Identity.Profile.Read, cancellationToken);
                if (record is null || record.Pending)
                {
                    throw new QpcException(QpcError.ProfileMissing, $"The profile in {options.ProfilePath} was begun and not finished.", "Register again with the same name, or finish linking.");
                }
                return await StartAsync(options, store, record);
            }
            catch
            {
                await store.DisposeAsync();
                throw;
            }
        });
    }

    /// <summary>
    /// The first step of a further device, on that device: makes its keys in a new profile, and a text to bring to a device of the account that holds its key,
    /// for <see cref="ApproveDeviceAsync"/>. The text holds no secret.
    /// </summary>
    public static async Task<string> RequestLinkAsync(QpcClientOptions options, LinkOptions link, CancellationToken cancellationToken = default)
    {
        await new CallerContext(options.Home);
        if (!AccountAddress.IsValid(link.Account))
        {
            throw new QpcException(QpcError.AddressInvalid, $"\"{link.Account}\" is not the address of an account.", "Write name@server.");
        }
        return await ExplainAsync(async () =>
        {
            await using LocalStore store = await OpenOrMakeAsync(options);
            ProfileRecord record = await store.ReadAsync(Identity.Profile.Read, cancellationToken) ?? NewDevice(options, link);
            if (!record.Pending || !string.Equals(record.Account, link.Account, StringComparison.Ordinal))
            {
                throw new QpcException(QpcError.ProfileExists, $"There is a profile of {record.Account} in {options.ProfilePath}.", "Open it, or name another folder.");
            }
            SetServer(record, link.Server);
            await store.WriteAsync(transaction => Identity.Profile.Write(transaction, record), cancellationToken);
            var request = new LinkRequest
            {
                Account = record.Account,
                DeviceId = record.DeviceId,
                DeviceKey = ByteString.CopyFrom(LabelledSignature.PublicKeyOf(record.DeviceSeed.Span)),
                DeviceName = record.DeviceName,
            };
            request.Signature = ByteString.CopyFrom(LabelledSignature.Sign(record.DeviceSeed.Span, LabelledSignature.LinkRequest, request.ToByteArray()));
            return Base64Url.EncodeToString(request.ToByteArray());
        });
    }

    /// <summary>The last step, on the new device: takes the text that <see cref="ApproveDeviceAsync"/> gave. The client is Offline until <see cref="ConnectAsync"/>.</summary>
    /// <exception cref="QpcException">The text is not the answer to this device's request.</exception>
    public static async Task<QpcClient> CompleteLinkAsync(QpcClientOptions options, string approval, CancellationToken cancellationToken = default)
    {
        await new CallerContext(options.Home);
        return await ExplainAsync(async () =>
        {
            LocalStore store = await LocalStore.OpenAsync(options.ProfilePath, options.Key, StoreOptions(options));
            try
            {
                ProfileRecord? record = await store.ReadAsync(Identity.Profile.Read, cancellationToken);
                if (record is not { Pending: true }
                    || !TryDecode(approval, LinkApproval.Parser, out LinkApproval? answer)
                    || !VerifiedDeviceList.TryRead(answer!.Devices, record.Account, out VerifiedDeviceList? list)
                    || !DeviceId.TryFrom(record.DeviceId.Span, out DeviceId id)
                    || list!.Find(id) is not { } self
                    || !self.Key.Span.SequenceEqual(LabelledSignature.PublicKeyOf(record.DeviceSeed.Span)))
                {
                    throw new QpcException(QpcError.IdentityInvalid, "This is not the answer to the request of this device.", "Make a new request and have it approved.");
                }
                record.Devices = answer.Devices;
                record.AccountKey = ByteString.CopyFrom(list.AccountKey.Span);
                record.Pending = false;
                await store.WriteAsync(transaction => Identity.Profile.Write(transaction, record), cancellationToken);
                return await StartAsync(options, store, record);
            }
            catch
            {
                await store.DisposeAsync();
                throw;
            }
        });
    }

    /// <summary>The step in between, on the device that holds the account's key: vouches for the new device, publishes the new list, and adds the device to every conversation.</summary>
    /// <returns>A text to bring back to the new device. It holds no secret.</returns>
    /// <exception cref="QpcException">The request does not hold, or this device does not hold the account's key, or the server refuses.</exception>
    public async Task<string> ApproveDeviceAsync(string request, CancellationToken cancellationToken = default)
    {
        await Leave();
        if (!TryDecode(request, LinkRequest.Parser, out LinkRequest? asked) || !DeviceId.TryFrom(asked!.DeviceId.Span, out DeviceId device))
        {
            throw new QpcException(QpcError.IdentityInvalid, "This is not a request of a new device.", "Copy the whole text that the new device showed.");
        }
        LinkRequest unsigned = asked.Clone();
        unsigned.Signature = ByteString.Empty;
        if (!string.Equals(asked.Account, Account, StringComparison.Ordinal)
            || asked.DeviceName.Length > NameMax
            || !LabelledSignature.Verify(asked.DeviceKey.Span, LabelledSignature.LinkRequest, unsigned.ToByteArray(), asked.Signature.Span))
        {
            throw new QpcException(QpcError.IdentityInvalid, "The request is of another account, or was changed on its way.", "Make a new one on the new device.");
        }
        return await ExplainAsync(async () =>
        {
            VerifiedDeviceList list = await PublishAsync(
                keys => [.. _client.Device.List.Devices.Where(item => item.Id != device).Select(static item => item.Signed),
                    keys.Certify(device, asked.DeviceKey.Span, asked.DeviceName, _client.NowSeconds)],
                cancellationToken);
            return Base64Url.EncodeToString(new LinkApproval { Devices = list.Signed }.ToByteArray());
        });
    }

    /// <summary>Takes a device off the account's list: the server cuts it off, and members remove it from their groups.</summary>
    /// <exception cref="QpcException">This device does not hold the account's key, or is the one named, or the server refuses.</exception>
    public async Task RevokeDeviceAsync(DeviceId device, CancellationToken cancellationToken = default)
    {
        await Leave();
        if (device == DeviceId)
        {
            throw new QpcException(QpcError.NotAllowed, "A device cannot revoke itself.", "Do it on another device that holds the account's key.");
        }
        await ExplainAsync(() => PublishAsync(_ => [.. _client.Device.List.Devices.Where(item => item.Id != device).Select(static item => item.Signed)], cancellationToken));
    }

    private static async Task<QpcClient> StartAsync(QpcClientOptions options, LocalStore store, ProfileRecord record)
    {
        var profile = Identity.Profile.From(record);
        ServerAddress address = profile.Server;
        if (options.Server is { } other)
        {
            // Elsewhere the server may be; another key it may not have, unless the user names it.
            address = other.KeyHash is null && profile.Server.KeyHash is { } pinned ? other.WithKey(pinned.Span) : other;
        }
        var door = new ServerDoor(options, address)
        {
            KeepAsync = pinned =>
            {
                SetServer(record, pinned);
                return store.WriteAsync(transaction => Identity.Profile.Write(transaction, record));
            },
        };
        if (address != profile.Server)
        {
            await door.KeepAsync(address);
        }
        var client = new QpcClient(new ClientState(options, store, profile), door);
        await client._parts.LoadAsync();
        return client;
    }

    private static async Task<QpcClient> ConnectNewAsync(QpcClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client._parts.Session.ConnectAsync(cancellationToken);
            await client._parts.Receiver.Stocked.WaitAsync(cancellationToken);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    private static async Task<LocalStore> OpenOrMakeAsync(QpcClientOptions options) => LocalStore.Exists(options.ProfilePath)
        ? await LocalStore.OpenAsync(options.ProfilePath, options.Key, StoreOptions(options))
        : await LocalStore.CreateAsync(options.ProfilePath, options.Key, StoreOptions(options));

    private static LocalStoreOptions StoreOptions(QpcClientOptions options) => new()
    {
        Worker = options.StoreWorker,
        Time = options.TimeProvider,
        Random = options.Random,
        Logger = options.LoggerFactory.CreateLogger<LocalStore>(),
    };

    private static void Forget(QpcClientOptions options, bool existed)
    {
        if (!existed)
        {
            Directory.Delete(options.ProfilePath, recursive: true);
        }
    }

    private static string NewAddress(string typed, string server)
    {
        string address = AccountAddress.Complete(typed, server);
        return string.Equals(AccountAddress.ServerOf(address), server, StringComparison.Ordinal)
            ? address
            : throw new QpcException(QpcError.AddressInvalid, $"The server calls itself {server}.", $"Register as {AccountAddress.NameOf(address)}@{server}.");
    }

    private static void CheckClock(QpcClientOptions options, ServerInfoResponse server)
    {
        const long offMaxMs = 60 * 60 * 1000;
        long off = options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds() - (long)Math.Min(server.ServerTimeMs, long.MaxValue);
        if (server.ServerTimeMs > 0 && Math.Abs(off) > offMaxMs)
        {
            throw new QpcException(
                QpcError.ClockOff, $"The clocks of this device and the server are {TimeSpan.FromMilliseconds(Math.Abs(off)).TotalHours:0.#} hours apart.", "Set the clock of this device right.");
        }
    }

    private static ProfileRecord NewAccount(QpcClientOptions options, RegisterOptions register, string account)
    {
        (byte[] accountSeed, byte[] accountKey) = LabelledSignature.Generate(options.Random);
        ProfileRecord record = NewKeys(options, account, register.DeviceName);
        using var keys = new AccountKeys(account, accountSeed);
        DeviceId.TryFrom(record.DeviceId.Span, out DeviceId device);
        long now = options.TimeProvider.GetUtcNow().ToUnixTimeSeconds();
        SignedDeviceCertificate certificate = keys.Certify(device, LabelledSignature.PublicKeyOf(record.DeviceSeed.Span), record.DeviceName, now);
        record.AccountSeed = UnsafeByteOperations.UnsafeWrap(accountSeed);
        record.AccountKey = UnsafeByteOperations.UnsafeWrap(accountKey);
        record.Devices = VerifiedDeviceList.Sign(keys, null, [certificate], now).Signed;
        return record;
    }

    private static ProfileRecord NewDevice(QpcClientOptions options, LinkOptions link) => NewKeys(options, link.Account, link.DeviceName);

    private static ProfileRecord NewKeys(QpcClientOptions options, string account, string? deviceName)
    {
        string name = string.IsNullOrWhiteSpace(deviceName) ? Environment.MachineName : deviceName.Trim();
        byte[] id = new byte[DeviceId.Size];
        options.Random.Fill(id);
        return new ProfileRecord
        {
            Account = account,
            DeviceId = UnsafeByteOperations.UnsafeWrap(id),
            DeviceSeed = UnsafeByteOperations.UnsafeWrap(LabelledSignature.Generate(options.Random).Seed),
            DeviceName = name.Length <= NameMax ? name : name[..NameMax],
            Pending = true,
        };
    }

    private static void SetServer(ProfileRecord record, ServerAddress address)
    {
        string text = address.ToString();
        int hash = text.IndexOf('#', StringComparison.Ordinal);
        record.Server = hash < 0 ? text : text[..hash];
        record.ServerKey = address.KeyHash is { } key ? ByteString.CopyFrom(key.Span) : ByteString.Empty;
    }

    private static bool TryDecode<T>(string text, MessageParser<T> parser, out T? message)
        where T : class, IMessage<T>
    {
        message = null;
        string trimmed = text.Trim();
        return Base64Url.IsValid(trimmed) && Protobuf.TryParse(parser, Base64Url.DecodeFromChars(trimmed), out message);
    }

    /// <summary>Signs the next list and publishes it; conversations follow.</summary>
    private async Task<VerifiedDeviceList> PublishAsync(Func<AccountKeys, IReadOnlyList<SignedDeviceCertificate>> devices, CancellationToken cancellationToken)
    {
        AccountKeys keys = _client.Profile.Account ?? throw new QpcException(
            QpcError.NotAllowed, "This device does not hold the key of the account.", "Do it on the device with which the account was registered.");
        using Turns.Turn turn = await _makes.TakeAsync(cancellationToken);
        VerifiedDeviceList before = await _client.Contacts.RefreshAsync(_parts.Session, Account, cancellationToken);
        VerifiedDeviceList list = VerifiedDeviceList.Sign(keys, before, devices(keys), _client.NowSeconds);
        await _parts.Session.CallAsync(Methods.PublishDevices, new PublishDevicesRequest { Devices = list.Signed }, cancellationToken);
        await _client.Store.WriteAsync(transaction => _client.Profile.Take(transaction, list), cancellationToken);
        await _parts.Housekeeper.RefreshAsync(Account, cancellationToken);
        return list;
    }
}
