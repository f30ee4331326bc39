using Microsoft.Win32.SafeHandles;

namespace Quicprochat.Crypto.OpenSsl;

/// <summary>An EVP_CIPHER_CTX; freeing it zeroes the key schedule.</summary>
internal sealed class CipherContext : SafeHandleZeroOrMinusOneIsInvalid
{
    public CipherContext()
        : base(ownsHandle: true) => SetHandle(LibCrypto.EVP_CIPHER_CTX_new());

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_CIPHER_CTX_free(handle);
        return true;
    }
}
