using Guichet.Components;
using Guichet.Exports;
using Guichet.Organisations;
using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Http;

namespace Guichet.Contacts;

/// <summary>Hands out a contact's data: first it is written down who asked for it, then the file is written as it is made.</summary>
internal sealed class PersonalDataDownload(PersonalDataFile file, IGrainFactory grains, CurrentActor current, TimeProvider time, Reader reader, IHttpContextAccessor accessor)
{
    public async Task<IResult> Write(string id)
    {
        var http = accessor.HttpContext!;
        if (!Ids.IsValid(id)) return Results.NotFound();
        var (data, refused) = await Disclose(id, CommandField.IdOf(http));
        if (data is not null) return new PersonalDataAnswer(file, data);
        if (refused is null) return Results.NotFound();
        Flash.Leave(http, Tone.Bad, RefusalSentences.Of(refused, reader.Formats));
        return Results.LocalRedirect($"/contacts/{id}/administration");
    }

    /// <summary>Everything is read but the histories before anything is sent: a file that can't be made is refused, not cut short.</summary>
    public async Task<(DisclosedContact? Data, Refusal? Refused)> Disclose(string id, Guid command)
    {
        var outcome = await time.Send(() => grains.GetGrain<IContactGrain>(GrainKey.Of(current.Organisation, id)).Disclose(new DiscloseContact { Id = command, By = current.Actor }));
        if (outcome.IsRefused) return (null, outcome.Refusals[0].Code == "contact-unknown" ? null : outcome.Refusals[0]);
        return (await file.Read(current.Organisation, id, accessor.HttpContext!.RequestAborted), null);
    }
}

/// <summary>The file, as an answer.</summary>
internal sealed class PersonalDataAnswer(PersonalDataFile file, DisclosedContact data) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => Download.Archive(
        httpContext, PersonalDataFile.NameOf(data.State.Number, data.Reader), to => file.Write(to, data, httpContext.RequestAborted));
}
