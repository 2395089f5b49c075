using Guichet.Components;
using Guichet.Organisations;
using Guichet.Words;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace Guichet.Shell;

/// <summary>A page of the signed-in organisation that reads its grains and sends them commands.</summary>
public abstract class ActingPage : WordedComponent
{
    [Inject]
    public CurrentActor Current { get; set; } = default!;

    [Inject]
    public IGrainFactory Grains { get; set; } = default!;

    [Inject]
    public TimeProvider Time { get; set; } = default!;

    [Inject]
    public NavigationManager Navigation { get; set; } = default!;

    protected Actor Actor => Current.Actor;

    protected string Organisation => Current.Organisation;

    /// <summary>Sees the buttons that change something; the grains refuse whoever doesn't.</summary>
    protected bool MayWrite => Current.IsAtLeast(Role.BoxOffice);

    protected CancellationToken Leaving => Http!.RequestAborted;

    /// <summary>When today began in the organisation's zone.</summary>
    protected DateTimeOffset StartOfToday => Formats.StartOf(Formats.Today);

    /// <summary>The id of the command that the posted form sends: the same for a form sent twice.</summary>
    protected Guid PostedCommand => CommandField.IdOf(Http!);

    protected bool IsPost => HttpMethods.IsPost(Http!.Request.Method);

    protected IFormCollection Posted => Http!.Request.Form;

    /// <summary>The organisation's own of this kind.</summary>
    protected TGrain Grain<TGrain>(string id) where TGrain : IGrainWithStringKey => Grains.GetGrain<TGrain>(GrainKey.Of(Organisation, id));

    /// <summary>The page is shown again with its refusals: not a success for scripts and programs, and not kept by the browser.</summary>
    protected void ShowAgain() => Http!.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
}
