using Quicprochat.Crypto.Hpke;

namespace Quicprochat.Crypto.Tests.Rfc;

internal static class HpkeChecks
{
    public static void SealsAndOpens(HpkeContext sender, HpkeContext receiver, byte[] associatedData, byte[] plaintext, byte[] ciphertext)
    {
        var @sealed = new byte[ciphertext.Length];
        sender.Seal(associatedData, plaintext, @sealed);
        Assert.Equal(ciphertext, @sealed);

        var opened = new byte[plaintext.Length];
        Assert.True(receiver.TryOpen(associatedData, ciphertext, opened));
        Assert.Equal(plaintext, opened);
    }

    public static void Exports(HpkeContext sender, HpkeContext receiver, byte[] context, byte[] value)
    {
        var exported = new byte[value.Length];
        sender.Export(context, exported);
        Assert.Equal(value, exported);
        receiver.Export(context, exported);
        Assert.Equal(value, exported);
    }
}
