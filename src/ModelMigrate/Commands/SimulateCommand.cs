using System.CommandLine;
using ModelMigrate.Control.Evaluation.Datasets;
using ModelMigrate.Output;
using ModelMigrate.Simulation;
using ModelMigrate.Simulation.Faults;

namespace ModelMigrate.Commands;

/// <summary><c>simulate</c>: a provider for rehearsal.</summary>
internal static class SimulateCommand
{
    public static Command Create(Terminal terminal)
    {
        var protocol = new Option<SimulationProtocol>("--protocol", "-p") { Description = "The protocol to speak.", Required = true, HelpName = "openai|anthropic" };
        var urls = new Option<string>("--urls") { Description = "Where to listen; port 0 takes a free one.", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:0" };
        var model = new Option<string?>("--model") { Description = "The only model known. Default: answers for any.", HelpName = "NAME" };
        var seed = new Option<ulong>("--seed") { Description = "Decides every answer, latency and fault.", DefaultValueFactory = _ => 1 };
        var answers = new Option<string[]>("--answers") { Description = "Rows with prompt and reference, as compare reads them: questions that the model may know. Repeatable.", HelpName = "FILE" };
        var accuracy = new Option<string>("--accuracy") { Description = "With --answers: the chance that it knows one.", HelpName = "SHARE", DefaultValueFactory = _ => "90%" };
        var faults = FaultField.All.Select(field => (Field: field, Option: FaultOption(field))).ToList();
        var command = new Verb(
            "simulate",
            "Serve a simulated provider with seeded answers and faults that change while it runs.",
            "model-migrate simulate --protocol openai --urls http://127.0.0.1:9001 --error-rate 0.5%",
            "model-migrate simulate --protocol anthropic --latency-median 600ms --tokens-per-second 50",
            "curl -d '{\"error_rate\": \"30%\"}' http://127.0.0.1:9001/faults     (GET /faults shows every field)",
            "curl http://127.0.0.1:9001/stats")
        {
            protocol, urls, model, seed, answers, accuracy,
        };
        foreach (var (_, option) in faults)
        {
            command.Add(option);
        }

        return command.Runs(terminal, async context =>
        {
            var schedule = FaultSchedule.Default;
            foreach (var (field, option) in faults)
            {
                var text = option is Option<bool> flag ? (context.Parsed.GetValue(flag) ? "true" : null) : context.Parsed.GetValue((Option<string?>)option);
                schedule = text is null ? schedule : field.Apply(schedule, text)!;
            }

            if (FaultField.ParseRate(context.Parsed.GetValue(accuracy)!) is not { } share)
            {
                return context.Fail(ExitCode.Usage, "--accuracy is a share between 0 and 1, or a percentage such as 90%.");
            }

            var files = context.Parsed.GetValue(answers) ?? [];
            var known = await KnownAsync(context, files);
            if (known is null)
            {
                return ExitCode.Usage;
            }

            var options = new SimulationOptions
            {
                Knowledge = files.Length == 0 ? null : new SimulatedKnowledge(known, share),
                Protocol = context.Parsed.GetValue(protocol),
                Url = context.Parsed.GetValue(urls)!,
                Model = context.Parsed.GetValue(model),
                Seed = context.Parsed.GetValue(seed),
                Faults = schedule,
            };
            return await ServeAsync(context, options);
        });
    }

    /// <summary>Question → answer, or null after what is wrong was said.</summary>
    private static async Task<Dictionary<string, string>?> KnownAsync(CommandContext context, string[] files)
    {
        var (problems, known) = (new DatasetProblems(), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var file in files)
        {
            await foreach (var row in new Dataset(file, ColumnMap.None, RowFilter.All).ReadAsync(problems, hash: null, context.Cancellation))
            {
                if (row.References is [var answer, ..])
                {
                    known[row.Messages[^1].Text] = answer;
                }
            }
        }

        foreach (var problem in problems.Kept)
        {
            await context.Terminal.Error.WriteLineAsync(problem.ToString());
        }

        return problems.Count > 0 ? null : known;
    }

    private static async Task<ExitCode> ServeAsync(CommandContext context, SimulationOptions options)
    {
        SimulatedProvider provider;
        try
        {
            provider = await SimulatedProvider.StartAsync(options, context.Terminal.Time, context.Cancellation);
        }
        catch (Exception refused) when (refused is IOException or FormatException or InvalidOperationException)
        {
            return context.Fail(ExitCode.Infrastructure, $"Cannot listen at {options.Url}: {refused.Message} Choose another with --urls, for example http://127.0.0.1:0.");
        }

        await using (provider)
        {
            var address = provider.Address.ToString().TrimEnd('/');
            context.Say($"Simulating the {options.Protocol} protocol at {provider.BaseUrl.ToString().TrimEnd('/')} (model {options.Model ?? "any"}, seed {options.Seed}).");
            context.Say($"Change faults:  curl -d '{{\"error_rate\": \"30%\"}}' {address}/faults");
            context.Say($"Counts:         curl {address}/stats");
            context.WriteJson(new { base_url = provider.BaseUrl.ToString().TrimEnd('/'), address, options.Seed });
            await Task.Delay(Timeout.InfiniteTimeSpan, context.Terminal.Time, context.Cancellation);
        }

        return ExitCode.Ok;
    }

    private static Option FaultOption(FaultField field)
    {
        var name = "--" + field.Name.Replace('_', '-');
        if (field.Read(FaultSchedule.Default) is bool)
        {
            return new Option<bool>(name) { Description = field.Name == "down" ? "Answer everything with 503." : "With --down: break the connection instead." };
        }

        var option = new Option<string?>(name)
        {
            Description = $"{char.ToUpperInvariant(field.Expects[0])}{field.Expects[1..]}. Default: {field.Read(FaultSchedule.Default)}.",
            HelpName = "VALUE",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && field.Apply(FaultSchedule.Default, token.Value) is null)
            {
                result.AddError($"{name}: \"{token.Value}\" is not {field.Expects}.");
            }
        });
        return option;
    }
}
