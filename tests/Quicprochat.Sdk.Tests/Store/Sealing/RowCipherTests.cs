using Quicprochat.Crypto;
using Quicprochat.Sdk.Store;
using Quicprochat.Sdk.Store.Sealing;

namespace Quicprochat.Sdk.Tests.Store.Sealing;

public sealed class RowCipherTests
{
    [Fact]
    public void A_row_opens_in_its_context_with_its_key_and_not_otherwise()
    {
        using RowCipher cipher = Cipher(1);
        byte[] row = cipher.Seal("context"u8, "content"u8);
        Assert.Equal(RowCipher.Overhead + 7, row.Length);
        Assert.Equal("content"u8, cipher.Open("context"u8, row));
        Assert.Throws<StoreException>(() => cipher.Open("contexT"u8, row));
        Assert.Throws<StoreException>(() => cipher.Open(default, row));
        using RowCipher other = Cipher(2);
        Assert.Throws<StoreException>(() => other.Open("context"u8, row));
        using RowCipher same = Cipher(1);
        Assert.Equal("content"u8, same.Open("context"u8, row));
        Assert.Empty(cipher.Open("c"u8, cipher.Seal("c"u8, default)));
    }

    [Fact]
    public void A_key_seals_so_many_rows_and_no_more()
    {
        using RowCipher cipher = Cipher(1, sealsMax: 10);
        byte[][] rows = [.. Enumerable.Range(0, 1000).Select(number => cipher.Seal("c"u8, BitConverter.GetBytes(number)))];
        Assert.All(rows.GroupBy(static row => Convert.ToHexString(row, 1, 16)), static salt => Assert.Equal(10, salt.Count()));
        Assert.Equal(1000, rows.Select(static row => Convert.ToHexString(row, 17, 12)).Distinct().Count());

        // A hundred keys, of which not all are kept: what was dropped is derived again.
        for (int number = 0; number < rows.Length; number += 7)
        {
            Assert.Equal(BitConverter.GetBytes(number), cipher.Open("c"u8, rows[number]));
        }
    }

    [Fact]
    public void The_back_ends_read_each_others_rows()
    {
        using RowCipher native = Cipher(1);
        using RowCipher managed = Cipher(1, provider: CryptoProvider.Managed);
        Assert.Equal("content"u8, managed.Open("c"u8, native.Seal("c"u8, "content"u8)));
        Assert.Equal("content"u8, native.Open("c"u8, managed.Seal("c"u8, "content"u8)));
    }

    [Fact]
    public void A_name_says_nothing_and_depends_on_everything()
    {
        byte[] Name(byte key, string owner, string text)
        {
            using var index = new BlindIndex(CryptoProvider.Default, Secret.Copy([.. Enumerable.Repeat(key, 32)]));
            byte[] name = new byte[BlindIndex.Size];
            index.NameKey(Profile.Utf8(owner), Profile.Utf8(text), name);
            return name;
        }
        byte[][] names = [Name(1, "a", "b"), Name(2, "a", "b"), Name(1, "ab", ""), Name(1, "", "ab"), Name(1, "a", "c"), Name(1, "a", new string('b', 1000))];
        Assert.Equal(names.Length, names.Select(Convert.ToHexString).Distinct().Count());
        Assert.Equal(names[0], Name(1, "a", "b"));
    }

    private static RowCipher Cipher(byte key, int sealsMax = 1 << 20, CryptoProvider? provider = null) =>
        new(provider ?? CryptoProvider.Default, SystemRandomSource.Instance, Secret.Copy([.. Enumerable.Repeat(key, 32)]), sealsMax);
}
