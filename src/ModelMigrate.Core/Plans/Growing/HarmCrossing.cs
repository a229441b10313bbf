using System.Runtime.InteropServices;

namespace ModelMigrate.Core.Plans.Growing;

/// <summary>Where harm is expected to show.</summary>
/// <param name="Gate">The gate that shows it.</param>
/// <param name="Requests">Requests of the route until then.</param>
/// <param name="Exposed">Of those, requests that met the target.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HarmCrossing(string Gate, double Requests, double Exposed);
