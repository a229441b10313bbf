using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace ModelMigrate.Control.Storage.Sqlite;

/// <summary>
/// Chooses the SQLite library once a process: the system's when it is new enough, because the distribution mends it, else the
/// bundled one. <c>MODEL_MIGRATE_SQLITE=bundled</c> forces the bundled one.
/// </summary>
public static class NativeSqlite
{
    /// <summary>3.35, which all SQL here is written for.</summary>
    private const int LeastVersion = 3_035_000;

    private static readonly Lock s_gate = new();
    private static bool s_loaded;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int VersionNumber();

    /// <summary>Call before the first connection; later calls do nothing. Answers the version in use, for example <c>3.40.1</c>.</summary>
    public static string Load()
    {
        lock (s_gate)
        {
            if (!s_loaded)
            {
                NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
                raw.SetProvider(new SQLite3Provider_e_sqlite3());
                s_loaded = true;
            }
        }

        return raw.sqlite3_libversion().utf8_to_string();
    }

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != "e_sqlite3" || Environment.GetEnvironmentVariable("MODEL_MIGRATE_SQLITE") == "bundled")
        {
            return IntPtr.Zero;
        }

        foreach (var candidate in new[] { "libsqlite3.so.0", "/usr/lib/libsqlite3.dylib", "winsqlite3" })
        {
            if (NativeLibrary.TryLoad(candidate, out var library) && IsNewEnough(library))
            {
                return library;
            }
        }

        return IntPtr.Zero;
    }

    private static bool IsNewEnough(IntPtr library) =>
        NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var address)
        && Marshal.GetDelegateForFunctionPointer<VersionNumber>(address)() >= LeastVersion;
}
