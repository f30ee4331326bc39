using System.Globalization;
using Quicprochat.Crypto;

namespace Quicprochat.Mls.Tests.RandomGroups;

/// <summary>
/// Gives each life of each device random bytes of its own. Two that drew the same would hold the same keys, which no real device
/// does and every group refuses.
/// </summary>
internal sealed class Dice(int seed)
{
    private int _lives;

    public IRandomSource ForNewLife() => new SeededRandomSource(string.Create(CultureInfo.InvariantCulture, $"{seed}/{++_lives}"));
}
