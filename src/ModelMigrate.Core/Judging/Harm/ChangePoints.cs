namespace ModelMigrate.Core.Judging.Harm;

/// <summary>
/// How much of the bet is placed on harm beginning at a block: half on the first; half of what is left spread over each further
/// planned length, so that it never runs out. Fixed before the first request, as it must be. Source: rollouts research 2.1(a),
/// change-point form; with one planned length it is that form with a quarter kept back.
/// </summary>
internal static class ChangePoints
{
    private const double First = 0.5;

    /// <summary>Σπ of the blocks after the <paramref name="after"/>-th up to the <paramref name="until"/>-th, counted from 1.</summary>
    public static double Mass(long after, long until, int planned) => Rest(after, planned) - Rest(until, planned);

    /// <summary>1 − Σπ after <paramref name="blocks"/> blocks: the part of the wealth not bet yet.</summary>
    public static double Rest(long blocks, int planned)
    {
        if (blocks < 1)
        {
            return 1;
        }

        var (length, part) = Math.DivRem(blocks - 1, planned);
        return Math.ScaleB((1 - First) * (1 - (part / (2.0 * planned))), (int)-Math.Min(length, int.MaxValue / 2));
    }

    /// <summary>ln π of the <paramref name="block"/>-th block, counted from 1.</summary>
    public static double LogMass(long block, int planned)
    {
        if (block <= 1)
        {
            return Math.Log(First);
        }

        var length = (block - 2) / planned;
        return Math.Log((1 - First) / planned) - ((length + 1) * Math.Log(2));
    }

    /// <summary>ln of <see cref="Rest"/>, beyond the range of a double as well.</summary>
    public static double LogRest(long blocks, int planned)
    {
        if (blocks < 1)
        {
            return 0;
        }

        var length = (blocks - 1) / planned;
        var part = (blocks - 1) % planned / (double)planned;
        return Math.Log((1 - First) * (1 - (part / 2))) - (length * Math.Log(2));
    }
}
