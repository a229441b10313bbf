namespace ModelMigrate.Serving;

/// <summary>Counts the requests under way, so that a stop can wait for the last.</summary>
internal sealed class RequestGauge
{
    private int _running;

    public int Running => Volatile.Read(ref _running);

    public async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref _running);
        try
        {
            await next(context);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
