using System.Globalization;
using ModelMigrate.Control.Evaluation.Datasets;

namespace ModelMigrate.Tests.Control.Evaluation;

/// <summary>What reading leaves in memory. By itself, because other tests would be measured with it.</summary>
[Collection("whole process")]
public sealed class DatasetMemoryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mm-dataset-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Read_ManyRows_KeepsNone()
    {
        var path = Path.Combine(_folder.FullName, "many.jsonl");
        await using (var writer = new StreamWriter(path))
        {
            for (var i = 0; i < 50_000; i++)
            {
                await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{{\"prompt\":\"{i} {new string('x', 200)}\",\"reference\":\"{i}\"}}\n"));
            }
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0, rows = 0;
        await foreach (var row in new Dataset(path, ColumnMap.None, RowFilter.All).ReadAsync(new DatasetProblems(), hash: null, default))
        {
            most = ++rows % 10_000 == 0 ? Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before) : most;
        }

        Assert.Equal(50_000, rows);
        Assert.InRange(most, 0, 6 << 20);
    }
}
