using MathNet.Numerics.LinearAlgebra;

namespace ModelMigrate.Core.Statistics;

/// <summary>
/// A logistic regression of shares, 0 to 1, on columns of numbers: the quasi-likelihood by Newton's steps, its errors by White's sandwich, so that shares
/// between 0 and 1 do not count as certain.
/// </summary>
/// <param name="Coefficients">One for each column.</param>
/// <param name="StandardErrors">Of each coefficient.</param>
public sealed record LogisticFit(IReadOnlyList<double> Coefficients, IReadOnlyList<double> StandardErrors)
{
    private const int MostSteps = 50;

    /// <summary>A step this small ends it; a coefficient this large is on its way to infinity.</summary>
    private const double Close = 1e-10;

    private const double Endless = 25;

    /// <summary>The fit; null when there is none: a column that the others give, or columns that tell the shares without error, so that a coefficient would be infinite.</summary>
    public static LogisticFit? TryOf(IReadOnlyList<IReadOnlyList<double>> rows, IReadOnlyList<double> shares)
    {
        if (rows.Count != shares.Count)
        {
            throw new ArgumentException("Every row needs its share.", nameof(shares));
        }

        if (rows.Count == 0)
        {
            return null;
        }

        var columns = Matrix<double>.Build.Dense(rows.Count, rows[0].Count, (row, column) => rows[row][column]);
        var seen = Vector<double>.Build.Dense([.. shares]);
        var coefficients = Vector<double>.Build.Dense(columns.ColumnCount);
        for (var step = 0; step < MostSteps; step++)
        {
            var fitted = (columns * coefficients).Map(Share);
            var information = Weighted(columns, fitted.Map(static share => share * (1 - share)));
            if (Math.Abs(information.Determinant()) < 1e-12)
            {
                return null;
            }

            var change = information.Solve(columns.TransposeThisAndMultiply(seen - fitted));
            coefficients += change;
            if (coefficients.AbsoluteMaximum() > Endless)
            {
                return null;
            }

            if (change.AbsoluteMaximum() < Close)
            {
                var bread = information.Inverse();
                var meat = Weighted(columns, (seen - fitted).PointwisePower(2));
                var variances = (bread * meat * bread).Diagonal();
                return new LogisticFit([.. coefficients], [.. variances.Select(static variance => Math.Sqrt(Math.Max(0, variance)))]);
            }
        }

        return null;
    }

    /// <summary>1 / (1 + e^−x).</summary>
    public static double Share(double logit) => 1 / (1 + Math.Exp(-logit));

    private static Matrix<double> Weighted(Matrix<double> columns, Vector<double> weights) =>
        columns.TransposeThisAndMultiply(Matrix<double>.Build.Dense(columns.RowCount, columns.ColumnCount, (row, column) => weights[row] * columns[row, column]));
}
