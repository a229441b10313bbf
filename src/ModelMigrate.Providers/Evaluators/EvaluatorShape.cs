using System.Collections;
using System.Reflection;

namespace ModelMigrate.Providers.Evaluators;

/// <summary>
/// The members of an evaluator: <c>EvaluateAsync(IEnumerable&lt;message&gt;, response, …)</c>, where a message is made of a role and a text, a response of a message, and
/// the result has <c>Metrics</c> by name.
/// </summary>
internal sealed class EvaluatorShape
{
    private readonly MethodInfo _evaluate;
    private readonly ConstructorInfo _message;
    private readonly ConstructorInfo _response;
    private readonly object? _user;
    private readonly object? _assistant;

    private EvaluatorShape(MethodInfo evaluate, ConstructorInfo message, ConstructorInfo response)
    {
        (_evaluate, _message, _response) = (evaluate, message, response);
        var role = message.GetParameters()[0].ParameterType;
        (_user, _assistant) = (Role(role, "User"), Role(role, "Assistant"));
    }

    /// <summary>Whether a type has the shape.</summary>
    public static bool Has(Type type) => TryOf(type) is not null;

    /// <summary>The shape; throws <see cref="ArgumentException"/> with what is missing.</summary>
    public static EvaluatorShape Of(Type type) => TryOf(type) ?? throw new ArgumentException(
        $"{type.Name} is no evaluator: it has no EvaluateAsync(IEnumerable<message>, response, …) whose message is made of a role and a text, and whose response of a message. Implement IEvaluator of Microsoft.Extensions.AI.Evaluation, or a type like it.",
        nameof(type));

    private static EvaluatorShape? TryOf(Type type)
    {
        foreach (var evaluate in type.GetInterfaces().Append(type).SelectMany(static one => one.GetMethods()).Where(static method => method.Name == "EvaluateAsync"))
        {
            var parameters = evaluate.GetParameters();
            if (parameters.Length >= 2 && Element(parameters[0].ParameterType) is { } message && Message(message) is { } said
                && parameters[1].ParameterType.GetConstructor([message]) is { } response)
            {
                return new EvaluatorShape(evaluate, said, response);
            }
        }

        return null;
    }

    /// <summary>The evaluator's metrics, as it names them; empty when it does not.</summary>
    public static IReadOnlyList<string> Names(object evaluator) => evaluator.GetType().GetInterfaces().Append(evaluator.GetType())
        .Select(type => type.GetProperty("EvaluationMetricNames")?.GetValue(evaluator)).OfType<IEnumerable<string>>().FirstOrDefault()?.ToList() ?? [];

    /// <summary>Asks it; the task ends with the evaluator's own result.</summary>
    public async Task<object?> EvaluateAsync(object evaluator, string? prompt, string answer, IReadOnlyList<object> contexts, object? configuration, CancellationToken cancellation)
    {
        var message = _message.DeclaringType!;
        var messages = Array.CreateInstance(message, prompt is null ? 0 : 1);
        if (prompt is not null)
        {
            messages.SetValue(_message.Invoke([_user, prompt]), 0);
        }

        var response = _response.Invoke([_message.Invoke([_assistant, answer])]);
        object?[] given = [messages, response, .. _evaluate.GetParameters().Skip(2).Select(parameter => Given(parameter, contexts, configuration, cancellation))];
        var pending = _evaluate.Invoke(evaluator, BindingFlags.DoNotWrapExceptions, binder: null, given, culture: null)!;
        var task = pending as Task ?? (Task)pending.GetType().GetMethod("AsTask")!.Invoke(pending, parameters: null)!;
        await task;
        return Read(task, "Result");
    }

    /// <summary>One metric of a result by its name, or null.</summary>
    public static object? Metric(object? result, string name)
    {
        foreach (var entry in Read(result, "Metrics") as IEnumerable ?? Array.Empty<object>())
        {
            if (Read(entry, "Key") as string == name)
            {
                return Read(entry, "Value");
            }
        }

        return null;
    }

    /// <summary>A property of anything, or null.</summary>
    public static object? Read(object? of, string name) => of?.GetType().GetProperties().FirstOrDefault(property => property.Name == name && property.GetIndexParameters().Length == 0)?.GetValue(of);

    private static object? Given(ParameterInfo parameter, IReadOnlyList<object> contexts, object? configuration, CancellationToken cancellation)
    {
        var type = parameter.ParameterType;
        if (type == typeof(CancellationToken))
        {
            return cancellation;
        }

        if (Element(type) is { } element)
        {
            var array = Array.CreateInstance(element, contexts.Count);
            for (var i = 0; i < contexts.Count; i++)
            {
                array.SetValue(contexts[i], i);
            }

            return array;
        }

        return type.IsInstanceOfType(configuration) ? configuration : parameter.HasDefaultValue ? parameter.DefaultValue : null;
    }

    private static Type? Element(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>) ? type.GetGenericArguments()[0] : null;

    private static ConstructorInfo? Message(Type type) => type.GetConstructors().FirstOrDefault(static made =>
        made.GetParameters() is [var role, var text] && text.ParameterType == typeof(string) && Role(role.ParameterType, "User") is not null && Role(role.ParameterType, "Assistant") is not null);

    private static object? Role(Type type, string name) => type.GetProperty(name, BindingFlags.Public | BindingFlags.Static)?.GetValue(obj: null) ?? type.GetField(name, BindingFlags.Public | BindingFlags.Static)?.GetValue(obj: null);
}
