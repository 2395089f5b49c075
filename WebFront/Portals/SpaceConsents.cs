using System.Collections.Immutable;
using Guichet.Components;
using Guichet.Contacts;
using Guichet.Organisations;
using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Http;

namespace Guichet.Portals;

/// <summary>A contact gives or withdraws a consent by itself: its proof is the space, the instant, and the words that the page shows.</summary>
internal sealed class SpaceConsents(CurrentActor current, IGrainFactory grains, TimeProvider time, Reader reader, IHttpContextAccessor accessor)
{
    public static string WordingOf(ImmutableArray<ConsentCategory> categories, string name, ConsentChannel channel, string house, Reader reader) =>
        categories.FirstOrDefault(category => category.Name == name)?.Wordings is [var first, ..] ? first.Text : reader.Wording(name, channel, house);

    public async Task<IResult> Choose(string house, IFormCollection form)
    {
        var (by, command) = (current.Actor, CommandField.IdOf(accessor.HttpContext!));
        var contact = grains.GetGrain<IContactGrain>(GrainKey.Of(by.Organisation, by.Id));
        var channel = Enum.TryParse<ConsentChannel>(form["channel"], out var given) && Enum.IsDefined(given) ? given : (ConsentChannel)(-1);
        var (category, giving) = (form["category"].ToString(), form["do"] == "give");
        var categories = (await grains.GetGrain<IContactSettingsGrain>(GrainKey.Of(by.Organisation, ContactSettingsKey.Id)).View()).Categories;
        // Of what the house asks for; what it no longer asks for can still be withdrawn.
        if (giving && categories.All(known => known.Name != category)) return Results.NotFound();
        var proof = new ConsentProof(
            time.GetUtcNow(), reader.T("Espace personnel, par le contact", "Own space, by the contact"), giving ? WordingOf(categories, category, channel, current.OrganisationName, reader) : null);
        var outcome = await time.Send(() => giving
            ? contact.GiveConsent(new GiveConsent(channel, category, proof) { Id = command, By = by })
            : contact.WithdrawConsent(new WithdrawConsent(channel, category, proof) { Id = command, By = by }));
        Flash.Leave(
            accessor.HttpContext!, outcome.IsRefused ? Tone.Bad : Tone.Good,
            outcome.IsRefused ? string.Join(' ', outcome.Refusals.Select(refusal => RefusalSentences.Of(refusal, reader.Formats)))
            : giving ? reader.T("C’est noté, merci.", "Noted, thank you.") : reader.T("C’est retiré.", "Withdrawn."));
        return Results.LocalRedirect($"{SpaceAddress.Of(house)}/consents");
    }
}
