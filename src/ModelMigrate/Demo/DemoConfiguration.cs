using System.Globalization;

namespace ModelMigrate.Demo;

/// <summary>The configuration of a demo, written as a person would write it and read by the same reader.</summary>
internal static class DemoConfiguration
{
    public const string Route = "chat";
    public const string Migration = "MIG-DEMO";

    public static string Yaml(DemoOptions options, Uri source, Uri target) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        providers:
          old-provider:
            kind: openai
            baseUrl: {source.ToString().TrimEnd('/')}
          new-provider:
            kind: anthropic
            baseUrl: {target.ToString().TrimEnd('/')}
        models:
          old-model:
            provider: old-provider
            inputCostPer1k: 0.0025
            outputCostPer1k: 0.01
            p50Ms: 200
            p99Ms: 400
          new-model:
            provider: new-provider
            maxOutputTokens: 1024
            inputCostPer1k: 0.003
            outputCostPer1k: 0.015
            p50Ms: 200
            p99Ms: 400
        routes:
          {Route}:
            model: old-model
        migrations:
          {Migration}:
            route: {Route}
            to: new-model
            strategy: canary
            steps:
              - weight: 10%
                hold: {Seconds(options.Hold)}
              - weight: 25%
                hold: {Seconds(options.Hold)}
              - weight: 50%
                hold: {Seconds(options.Hold)}
            alpha: 0.001
            watch: {Seconds(options.Watch)}
            start: manual
            gates:
              - name: errors
                metric: errorRate
                margin: 2pp
              - name: p50
                metric: latencyP50
                margin: 1.5
              - name: p90
                metric: latencyP90
                margin: 1.5
                # It may roll back; to wait for its proof as well would not reliably fit into the demo's minute.
                required: false

        """);

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds}s");
}
