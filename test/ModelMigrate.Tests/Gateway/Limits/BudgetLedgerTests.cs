using Microsoft.Extensions.Logging.Abstractions;
using ModelMigrate.Core.Routing.Clients;
using ModelMigrate.Gateway.Limits.Budgets;
using ModelMigrate.Tests.Support;

namespace ModelMigrate.Tests.Gateway.Limits;

public sealed class BudgetLedgerTests : IDisposable
{
    private static readonly Budget s_daily = new(BudgetPeriod.Day, BudgetUnit.Cost, 100);

    private readonly ManualClock _clock = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mm-budgets-");

    private string File => Path.Combine(_folder.FullName, "budgets.jsonl");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task TryReserve_FromManyThreads_NeverSpendsMoreThanTheBudget(int seed)
    {
        using var ledger = Ledger();
        var spent = new decimal[4];
        await Task.WhenAll(Enumerable.Range(0, spent.Length).Select(thread => Task.Run(async () =>
        {
            var random = new Random((seed * 100) + thread);
            for (var i = 0; i < 3_000; i++)
            {
                var amount = random.Next(1, 400) / 100m;
                if (ledger.TryReserve("client/a", s_daily, amount) is not { } reservation)
                {
                    continue;
                }

                if (random.Next(4) == 0)
                {
                    await Task.Yield();
                }

                // Failed, or came to at most what was set aside.
                var came = random.Next(3) == 0 ? 0 : amount * random.Next(0, 101) / 100;
                spent[thread] += came;
                reservation.Settle(came);
            }
        })));

        Assert.InRange(spent.Sum(), s_daily.Limit * 0.9m, s_daily.Limit);
        Assert.Equal((double)(spent.Sum() / s_daily.Limit), Assert.Single(ledger.Accounts).Used, 9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TryReserve_UsageAboveTheReservation_OverspendsByThatAlone(int seed)
    {
        using var ledger = Ledger();
        var random = new Random(seed);
        var (spent, beyond) = (0m, 0m);
        var running = new Queue<(BudgetReservation Held, decimal Came)>();
        for (var i = 0; i < 5_000; i++)
        {
            if (random.Next(2) == 0 && ledger.TryReserve("client/a", s_daily, 1) is { } held)
            {
                running.Enqueue((held, random.Next(0, 150) / 100m));
            }
            else if (running.TryDequeue(out var ended))
            {
                ended.Held.Settle(ended.Came);
                spent += ended.Came;
                beyond += Math.Max(0, ended.Came - 1);
            }
        }

        Assert.InRange(spent, 0, s_daily.Limit + beyond);
        Assert.Null(ledger.TryReserve("client/a", s_daily, 50));
    }

    [Fact]
    public void TryReserve_NextDay_BeginsAnew_AndWhatBeganBeforeWasThatDays()
    {
        using var ledger = Ledger();
        var yesterday = ledger.TryReserve("client/a", s_daily, 100)!.Value;
        Assert.Null(ledger.TryReserve("client/a", s_daily, 0.01m));
        Assert.Equal(TimeSpan.FromHours(24), ledger.UntilEnd(s_daily));

        _clock.Advance(TimeSpan.FromHours(24));
        var today = ledger.TryReserve("client/a", s_daily, 60)!.Value;
        yesterday.Settle(100);
        today.Settle(50);

        Assert.NotNull(ledger.TryReserve("client/a", s_daily, 50));
        Assert.Null(ledger.TryReserve("client/a", s_daily, 0.01m));
        Assert.Equal(new DateOnly(2026, 2, 1), Budget.Begin(BudgetPeriod.Month, new DateTimeOffset(2026, 2, 28, 23, 59, 0, TimeSpan.Zero)));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), Budget.End(BudgetPeriod.Month, new DateTimeOffset(2026, 2, 28, 23, 59, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void TryReserve_LimitLowered_WhatWasSpentStays()
    {
        using var ledger = Ledger();
        ledger.TryReserve("client/a", s_daily, 40)!.Value.Settle(40);

        Assert.Null(ledger.TryReserve("client/a", s_daily with { Limit = 41 }, 2));
        Assert.NotNull(ledger.TryReserve("client/a", s_daily with { Limit = 41 }, 1));
        Assert.NotNull(ledger.TryReserve("client/b", s_daily with { Limit = 41 }, 41));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Open_AfterACrashAtAnyPoint_RemembersAtLeastWhatWasSpent(int seed)
    {
        var random = new Random(seed);
        var spent = 0m;
        for (var life = 0; life < 12; life++)
        {
            // Not disposed: the process died. Its file handle is only closed so that the next life can write.
            var ledger = Ledger();
            ledger.Open(File);
            var running = new List<(BudgetReservation Held, decimal Came)>();
            var steps = random.Next(1, 40);
            for (var i = 0; i < steps; i++)
            {
                if (random.Next(2) == 0 && ledger.TryReserve("client/a", s_daily, 1) is { } held)
                {
                    running.Add((held, random.Next(0, 101) / 100m));
                }
                else if (running.Count > 0)
                {
                    var (ended, came) = running[^1];
                    running.RemoveAt(running.Count - 1);
                    ended.Settle(came);
                    spent += came;
                }
            }

            // Providers bill what was under way, too.
            spent += running.Sum(r => r.Came);
            var found = Spent(File);
            Assert.InRange(found, spent, decimal.MaxValue);
            Assert.True(spent <= s_daily.Limit);
        }

        Assert.True(spent > 20, "Nothing was tested.");
    }

    [Fact]
    public void Open_AfterACrash_ForfeitsWhatWasUnderWayAndAHundredth()
    {
        var ledger = Ledger();
        ledger.Open(File);
        for (var i = 0; i < 30; i++)
        {
            ledger.TryReserve("client/a", s_daily, 1)!.Value.Settle(0.5m);
        }

        ledger.TryReserve("client/a", s_daily, 3);

        Assert.InRange(Spent(File), 15 + 3, 15 + 3 + (4 * s_daily.Limit * BudgetAccount.Ahead) + 1);
    }

    [Fact]
    public void Dispose_InPeace_RemembersExactlyWhatWasSpent()
    {
        using (var ledger = Ledger())
        {
            ledger.Open(File);
            ledger.TryReserve("client/a", s_daily, 30)!.Value.Settle(12.5m);
        }

        Assert.Equal(12.5m, Spent(File));
        using var next = Ledger();
        next.Open(File);
        Assert.NotNull(next.TryReserve("client/a", s_daily, 87.5m));
        Assert.Null(next.TryReserve("client/a", s_daily, 0.01m));
    }

    [Fact]
    public void Open_LastLineCutOff_TheOneBeforeStands()
    {
        System.IO.File.WriteAllText(File, """
            {"owner":"client/a","per":"Day","unit":"Cost","from":"2026-01-01","spent":40}
            {"owner":"client/a","per":"Day","unit":"Cost","from":"2026-01-01","spe
            """);
        using var ledger = Ledger();
        ledger.Open(File);
        Assert.Null(ledger.TryReserve("client/a", s_daily, 61));
        Assert.NotNull(ledger.TryReserve("client/a", s_daily, 60));
    }

    [Fact]
    public void Open_FileThatCannotBeWritten_BudgetsHoldInMemoryAndItIsSaid()
    {
        using var ledger = Ledger();
        ledger.Open(Path.Combine(_folder.FullName, "missing", "budgets.jsonl"));
        Assert.False(ledger.IsStored);
        Assert.NotNull(ledger.TryReserve("client/a", s_daily, 100));
        Assert.Null(ledger.TryReserve("client/a", s_daily, 1));
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "missing"));
        ledger.TryReserve("client/b", s_daily, 1);
        Assert.True(ledger.IsStored);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private BudgetLedger Ledger() => new(_clock, NullLogger<BudgetLedger>.Instance);

    /// <summary>What a next process would find, read beside the one that still holds the file.</summary>
    private decimal Spent(string file)
    {
        var copy = file + ".copy";
        System.IO.File.Copy(file, copy, overwrite: true);
        using var log = new BudgetLog(NullLogger.Instance);
        return log.Open(copy).Where(entry => entry.From == Budget.Begin(BudgetPeriod.Day, _clock.GetUtcNow())).Sum(entry => entry.Spent);
    }
}
