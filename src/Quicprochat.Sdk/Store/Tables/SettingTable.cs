using System.Text;
using Quicprochat.Crypto;

namespace Quicprochat.Sdk.Store.Tables;

/// <summary>Named values of bytes.</summary>
internal sealed class SettingTable(SealedMap map)
{
    /// <summary>The value; null when there is none.</summary>
    public byte[]? Find(string name) => map.Find(default, Encoding.UTF8.GetBytes(name));

    /// <summary>A value that is a secret; null when there is none. The caller disposes it.</summary>
    public Secret? FindSecret(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }
        Secret secret = Secret.Copy(value);
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(value);
        return secret;
    }

    /// <summary>The value as text; null when there is none.</summary>
    public string? FindText(string name) => Find(name) is { } value ? Encoding.UTF8.GetString(value) : null;

    public void Put(string name, ReadOnlySpan<byte> value) => map.Put(default, Encoding.UTF8.GetBytes(name), value);

    public void PutText(string name, string value) => Put(name, Encoding.UTF8.GetBytes(value));

    /// <summary>False when there was none.</summary>
    public bool Delete(string name) => map.Delete(default, Encoding.UTF8.GetBytes(name));
}
