using ModelMigrate.Core.Judging.Display;
using ModelMigrate.Core.Judging.Harm;
using ModelMigrate.Core.Judging.Health;
using ModelMigrate.Core.Judging.Processes;
using ModelMigrate.Core.Judging.Promotion;
using ModelMigrate.Core.Observing.Signals;
using ModelMigrate.Tests.Scenarios;

namespace ModelMigrate.Tests.Core.Judging.Processes;

/// <summary>
/// Simulated streams under the null, looked at after every block: an e-process crosses 1/α in at most a share α of them, and a confidence
/// sequence ever misses in at most α. The bound is α plus four standard errors; seeds are fixed.
/// </summary>
public sealed class SupermartingaleTests
{
    private const double Alpha = 0.1;
    private static readonly int s_streams = Repetitions.Of(3000);

    [Theory]
    [InlineData(0, PairLaw.Wide)]
    [InlineData(0, PairLaw.Rare)]
    [InlineData(-0.0625, PairLaw.Drifting)]
    public void PairHarm_MeanAtTheTolerance_CrossesInAtMostAlpha(double delta, PairLaw law) => Assert.True(Share(stream =>
    {
        var process = new PairHarm(new PairBet(1, delta, PairSide.Below), 100, new HarmState());
        return Blocks(block =>
        {
            var (cells, counts) = Draw(stream, law, delta, block);
            process.Fold(PairTable.FromPairs([.. cells.SelectMany((cell, i) => Enumerable.Repeat(cell, counts[i]))]), []);
            return process.Log >= -Math.Log(Alpha);
        });
    }) <= Most);

    [Theory]
    [InlineData(-0.0625, PairLaw.Wide)]
    [InlineData(-0.0625, PairLaw.Rare)]
    [InlineData(-0.03125, PairLaw.Drifting)]
    public void PairPromotion_MeanAtTheMargin_CrossesInAtMostAlpha(double delta, PairLaw law) => Assert.True(Share(stream =>
    {
        var process = new PairPromotion(new PairBet(1, delta, PairSide.Above), []);
        return Blocks(block =>
        {
            var (cells, counts) = Draw(stream, law, delta, block);
            process.Fold(cells, counts);
            return process.Log >= -Math.Log(Alpha);
        });
    }) <= Most);

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.45)]
    public void WinLoss_ChanceAtTheBoundary_CrossesInAtMostAlpha(double p0) => Assert.True(Share(stream =>
    {
        int wins = 0, losses = 0;
        return Blocks(_ =>
        {
            _ = stream.NextDouble() < p0 ? wins++ : losses++;
            return WinLoss.LogBelow(wins, losses, p0) >= -Math.Log(Alpha);
        });
    }) <= Most);

    [Fact]
    public void DirichletMultinomial_KeysAtTheWeight_CrossesInAtMostAlpha() => Assert.True(Share(stream =>
    {
        int source = 0, target = 0;
        return Blocks(_ =>
        {
            _ = stream.NextDouble() < 0.1 ? target++ : source++;
            return DirichletMultinomial.LogEvidence(source, target, 0.1) >= -Math.Log(Alpha);
        });
    }) <= Most);

    [Fact]
    public void RatioPromotion_RatioAtTheMargin_CrossesInAtMostAlpha() => Assert.True(Share(stream =>
    {
        var process = new RatioPromotion(1.5, []);
        return Blocks(_ =>
        {
            process.Fold(new EventBlock(9, Count(stream, 9, 0.1), 9, Count(stream, 9, 0.15)));
            return process.Log >= -Math.Log(Alpha);
        });
    }) <= Most);

    [Theory]
    [InlineData(1)]
    [InlineData(1.25)]
    public void Harm_RatioAtTheTolerance_CrossesInAtMostAlpha(double r0) => Assert.True(Share(stream =>
    {
        var process = new HarmProcess(r0, 100, new HarmState());
        return Blocks(_ =>
        {
            process.Fold(new EventBlock(9, Count(stream, 9, 0.2), 9, Count(stream, 9, 0.2 * r0)), []);
            return process.Log >= -Math.Log(Alpha);
        });
    }) <= Most);

    [Theory]
    [InlineData(9, 9, 0.2)]
    [InlineData(3, 300, 0.05)]
    [InlineData(3, 300, 0.4)]
    public void Watch_EqualArms_AlarmsInAtMostAlpha(int source, int target, double errors) => Assert.True(Share(stream =>
    {
        // Half of the looks are beyond the planned blocks: no new bets then, and the bound stays.
        const int Planned = 100;
        var detector = new HarmProcess(1, BetSchedule.EveryBlock(Planned), new HarmState());
        return Blocks(_ =>
        {
            detector.Fold(new EventBlock(source, Count(stream, source, errors), target, Count(stream, target, errors)), []);
            return detector.Log >= Math.Log(Planned / Alpha);
        });
    }) <= Most);

    [Fact]
    public void Watch_EqualArms_LevelIsTheNumberOfBlocksOnAverage()
    {
        // E[M_t] = t under the null, and mostly far below it: the mean over many streams is not far off.
        const int Blocks = 20;
        var sum = 0.0;
        for (var i = 0; i < s_streams; i++)
        {
            var stream = new Random(i);
            var detector = new HarmProcess(1, BetSchedule.EveryBlock(Blocks), new HarmState());
            for (var block = 0; block < Blocks; block++)
            {
                detector.Fold(new EventBlock(9, Count(stream, 9, 0.02), 9, Count(stream, 9, 0.02)), []);
            }

            sum += Math.Exp(detector.Log);
        }

        Assert.InRange(sum / s_streams, 0.6 * Blocks, 1.1 * Blocks);
    }

    [Fact]
    public void BernsteinSequence_TrueMean_IsMissedInAtMostAlpha()
    {
        // The sequence has its own α of 0.05.
        var missed = Share(stream =>
        {
            var sequence = default(BernsteinSequence);
            return Blocks(block =>
            {
                var (cells, counts) = Draw(stream, PairLaw.Wide, -0.0625, block);
                sequence = sequence.Add(cells, counts);
                return sequence.Low > -0.0625 || sequence.High < -0.0625;
            });
        });
        Assert.InRange(missed, 0, Bound(BernsteinSequence.Alpha));
    }

    [Fact]
    public void ShareSequence_TrueShare_IsMissedInAtMostAlpha() => Assert.True(Share(stream =>
    {
        var events = 0;
        return Blocks(block =>
        {
            events += stream.NextDouble() < 0.04 ? 1 : 0;
            // The bisection is dear: every tenth look of many, which can only miss less.
            if (block % 10 != 9)
            {
                return false;
            }

            var (low, high) = ShareSequence.Of(events, block + 1, Alpha, 50);
            return low > 0.04 || high < 0.04;
        });
    }) <= Most);

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.1)]
    public void PairHarm_QualityFalls_IsFoundWithinAFewHundredPairs(double drop)
    {
        // Differences of deviation 0.25 around −drop, one pair a block, α 0.05 against null 0.
        var needed = new List<int>();
        for (var i = 0; i < 200; i++)
        {
            var stream = new Random(1000 + i);
            var process = new PairHarm(new PairBet(1, 0, PairSide.Below), 3600, new HarmState());
            var pairs = 0;
            while (process.Log < -Math.Log(0.05) && pairs < 5000)
            {
                pairs++;
                var z = Math.Sqrt(-2 * Math.Log(1 - stream.NextDouble())) * Math.Cos(2 * Math.PI * stream.NextDouble());
                var t = (int)Math.Round(Math.Clamp(0.7 - drop + (0.25 * z), 0, 1) * 32);
                process.Fold(PairTable.FromPairs([PairTable.Cell(22, t)]), []);
            }

            needed.Add(pairs);
        }

        needed.Sort();
        Assert.InRange(needed[needed.Count / 2], 20, drop > 0.05 ? 150 : 400);
    }

    private static double Most => Bound(Alpha);

    private static double Bound(double alpha) => alpha + (4 * Math.Sqrt(alpha * (1 - alpha) / s_streams));

    private static double Share(Func<Random, bool> crosses)
    {
        var crossed = 0;
        for (var i = 0; i < s_streams; i++)
        {
            crossed += crosses(new Random(i)) ? 1 : 0;
        }

        return crossed / (double)s_streams;
    }

    private static bool Blocks(Func<int, bool> crosses)
    {
        for (var block = 0; block < 200; block++)
        {
            if (crosses(block))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One to five pairs whose Z = t − s − delta has mean 0.</summary>
    private static (ushort[] Cells, int[] Counts) Draw(Random stream, PairLaw law, double delta, int block)
    {
        var shift = (int)Math.Round(delta * 32);
        var cells = new ushort[stream.Next(1, 6)];
        for (var i = 0; i < cells.Length; i++)
        {
            var spread = law switch
            {
                PairLaw.Wide => stream.Next(0, 13),
                // Mostly equal scores, seldom far apart.
                PairLaw.Rare => stream.Next(20) == 0 ? 12 : 0,
                PairLaw.Drifting => block < 100 ? 2 : 12,
                _ => 0,
            };
            var source = 16 + (law == PairLaw.Drifting ? block % 2 : 0);
            cells[i] = (ushort)((source * PairBet.Levels) + source + shift + (stream.Next(2) == 0 ? spread : -spread));
        }

        Array.Sort(cells);
        return (cells, [.. Enumerable.Repeat(1, cells.Length)]);
    }

    private static int Count(Random stream, int requests, double share)
    {
        var count = 0;
        for (var i = 0; i < requests; i++)
        {
            count += stream.NextDouble() < share ? 1 : 0;
        }

        return count;
    }
}
