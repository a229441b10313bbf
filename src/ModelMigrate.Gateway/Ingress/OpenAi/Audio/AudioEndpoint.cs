using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using ModelMigrate.Core.Routing;
using ModelMigrate.Core.Routing.Clients;
using ModelMigrate.Core.Routing.Policies;
using ModelMigrate.Gateway.Ingress.Refusing;
using ModelMigrate.Providers.Exchange.Bodies;
using ModelMigrate.Providers.Exchange.Uploads;

namespace ModelMigrate.Gateway.Ingress.OpenAi.Audio;

/// <summary>
/// Serves <c>POST /v1/audio/transcriptions</c> and <c>/v1/audio/translations</c>. A form is held until its model is known; what follows
/// is sent on as it comes.
/// </summary>
internal sealed class AudioEndpoint(ChatServices services, ILogger<AudioEndpoint> logger) : ChatEndpoint(services, logger)
{
    /// <summary>The largest form in bytes.</summary>
    public const long MaxForm = 128 * 1024 * 1024;

    protected override string ContentType => "multipart/form-data";

    protected override bool TryRead(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out ChatBody? body, out RequestProblem problem) =>
        throw new InvalidOperationException("A form is no JSON.");

    protected override ChatClient ClientOf(HttpContext context, ChatBody body, ResponseHeadersMode mode) => new PassedClient(context, mode, hasEndMark: false);

    protected override async ValueTask ReadAsync(HttpContext context, RoutingSnapshot snapshot, ClientSnapshot? client)
    {
        var request = context.Request;
        if (request.ContentLength > MaxForm)
        {
            await RefuseLengthAsync(context, MaxForm);
            return;
        }

        if (FormScan.BoundaryOf(request.ContentType) is not { } boundary)
        {
            await Refusals.WriteAsync(context, FormScan.NoBoundary);
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxForm;
        }

        var scan = new FormScan(boundary);
        using var form = new UploadForm { ContentType = request.ContentType!, Length = request.ContentLength };
        try
        {
            await FormHolding.HoldAsync(request.Body, form, scan, context.RequestAborted);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await RefuseLengthAsync(context, MaxForm);
            return;
        }

        if ((scan.Problem ?? Missing(scan)) is { } problem)
        {
            await Refusals.WriteAsync(context, problem);
            return;
        }

        form.Model = scan.ModelPlace;
        var isTranscription = request.Path.Value!.TrimEnd('/').Equals(UnservedEndpoint.Transcriptions, StringComparison.OrdinalIgnoreCase);
        await RouteAsync(context, snapshot, client, new ChatBody
        {
            Operation = isTranscription ? Operation.Transcription : Operation.Translation,
            Bytes = default,
            Upload = form,
            Model = default,
            ModelName = scan.Model!,
            AsksUsage = true,
            User = scan.FileHead,
            SpeechFormat = scan.Format,
            Untranslatable = isTranscription ? UnservedEndpoint.Transcriptions : UnservedEndpoint.Translations,
        });
    }

    private static RequestProblem? Missing(FormScan scan) =>
        scan.Model is { Length: > 0 } ? null
        : scan.IsWhole ? RequestProblem.Invalid("missing_field", "'model' is missing in the form. Name one of the routes listed by GET /v1/models.", "model")
        : RequestProblem.Invalid("invalid_form", "The form ends before its last boundary.");
}
