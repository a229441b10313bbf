namespace ModelMigrate.Tests.EndToEnd.Clients;

/// <summary>Tries the features of a client that runs inside the test.</summary>
internal static class LibraryRun
{
    public const string Prompt = Node.Prompt;
    public const string Weather = "Weather in Paris?";
    public const string Someone = "A person, please";
    public const string Failing = "Fail, please";
    public const string Image = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    public const string Parameters = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";
    public const string Person =
        """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"],"additionalProperties":false}""";

    /// <summary>Runs every feature, in their order; a feature that the library has no call for is null.</summary>
    public static async Task<List<ClientCell>> RunAsync(string client, string route, IReadOnlyDictionary<string, Func<Task>?> features)
    {
        var cells = new List<ClientCell>();
        foreach (var (feature, call) in features)
        {
            var problem = call is null ? null : await Record.ExceptionAsync(call);
            cells.Add(new ClientCell(client, route, feature, call is not null, problem is null ? null : $"{problem.GetType().Name}: {problem.Message}"));
        }

        return cells;
    }

    /// <summary>Reads a stream to its first content, and leaves it while the next piece is waited for.</summary>
    public static async Task CancelAsync<T>(IAsyncEnumerable<T> stream, Func<T, bool> hasContent, CancellationTokenSource stop)
    {
        await using var pieces = stream.GetAsyncEnumerator(stop.Token);
        do
        {
            Assert.True(await pieces.MoveNextAsync(), "The stream ended before its first content.");
        }
        while (!hasContent(pieces.Current));

        // A piece may have come already: then there is nothing left to cancel in it.
        var next = pieces.MoveNextAsync();
        await stop.CancelAsync();
        var problem = await Record.ExceptionAsync(async () => await next);
        Assert.True(problem is null or OperationCanceledException, problem?.ToString());
    }
}
