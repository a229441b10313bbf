namespace ModelMigrate.Core.Judging.Harm;

/// <summary>The ratios of the blocks still open, kept between looks: only a block that changed is worked out again.</summary>
internal sealed class OpenRatios
{
    private BlockRatios[] _blocks = [];
    private double[] _shifts = [];
    private double[] _ratios = [];

    /// <summary>The ratios of the block at a place among the open ones, and their shift.</summary>
    public ReadOnlySpan<double> At(int index, scoped in BlockRatios block, out double shift)
    {
        if (index >= _blocks.Length)
        {
            var size = Math.Max(index + 1, Math.Max(2, 2 * _blocks.Length));
            Array.Resize(ref _blocks, size);
            Array.Resize(ref _shifts, size);
            Array.Resize(ref _ratios, size * Wealth.Size);
        }

        var ratios = _ratios.AsSpan(index * Wealth.Size, Wealth.Size);
        if (_blocks[index] != block)
        {
            _shifts[index] = block.All(ratios);
            _blocks[index] = block;
        }

        shift = _shifts[index];
        return ratios;
    }
}
