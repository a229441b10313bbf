using System.Diagnostics;
using System.Globalization;

namespace ModelMigrate.Control.Storage;

/// <summary>
/// Places at which the process can be made to die as by <c>kill -9</c>, so that tests can prove what survives. Off unless
/// <c>MODEL_MIGRATE_CRASH_POINT=name:count</c> is set when the process starts: it dies the count-th time it passes the name.
/// </summary>
internal static class CrashPoint
{
    public const string JournalWrite = "journal-write";
    public const string CheckpointWrite = "checkpoint-write";
    public const string Publish = "publish";

    private static readonly string[] s_parts = (Environment.GetEnvironmentVariable("MODEL_MIGRATE_CRASH_POINT") ?? "").Split(':');
    private static readonly string? s_name = s_parts.Length == 2 ? s_parts[0] : null;
    private static readonly int s_count =
        s_parts.Length == 2 && int.TryParse(s_parts[1], CultureInfo.InvariantCulture, out var count) ? count : 0;

    private static int s_passed;

    /// <summary>Called at the place named; does nothing when that place was not asked for.</summary>
    public static void Pass(string name)
    {
        if (s_name == name && Interlocked.Increment(ref s_passed) == s_count)
        {
            // On Unix this is SIGKILL: no handler, no finalizer, no flush.
            using var self = Process.GetCurrentProcess();
            self.Kill();
            self.WaitForExit();
        }
    }
}
