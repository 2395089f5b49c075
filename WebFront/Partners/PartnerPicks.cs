using System.Collections.Immutable;
using Guichet.Components;
using Guichet.Organisations;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Partners;

/// <summary>What a picker offers: all of it where it fits, else the first ones and where the others are asked for as one types.</summary>
public sealed record Picks(IReadOnlyList<Option> Options, string? From);

/// <summary>Partners, sessions and series to pick from, with those that are picked already.</summary>
internal sealed class PartnerPicks(PartnerQueries queries, CurrentActor current, Reader reader, IHttpContextAccessor http)
{
    /// <summary>So many are sent with the page; more are asked for as one types.</summary>
    private const int Sent = 200;
    private const int Found = 50;

    private CancellationToken Leaving => http.HttpContext!.RequestAborted;

    /// <summary>What matches the words typed, as the picker's script reads it.</summary>
    public async Task<IEnumerable<object>> Answer(string? of, string? words) =>
        (await Choices(of, words, Found)).Select(OptionOf).Select(option => new { option.Value, option.Text, option.Note });

    public async Task<Picks> Partners(IReadOnlyCollection<string> picked)
    {
        var known = picked.Count == 0 ? [] : (await queries.List(current.Organisation, new PartnerFilter(Archived: true, Ids: [.. picked], Limit: 1_000), Leaving)).Rows
            .Select(row => new Choice(row.Id, row.Details.Name, string.Join(", ", row.Details.Addresses.Select(address => address.Email)), null, row.Details.Group));
        return Of("partners", await Choices("partners", null, Sent + 1), known);
    }

    public async Task<Picks> Sessions(IReadOnlyCollection<string> picked) =>
        Of("sessions", await Choices("sessions", null, Sent + 1), picked.Count == 0 ? [] : (await Choices("sessions", null, int.MaxValue)).Where(choice => picked.Contains(choice.Id)));

    public async Task<Picks> Series(IReadOnlyCollection<string> picked) =>
        Of("series", await Choices("series", null, Sent + 1), picked.Count == 0 ? [] : (await Choices("series", null, int.MaxValue)).Where(choice => picked.Contains(choice.Id)));

    private Task<ImmutableArray<Choice>> Choices(string? of, string? words, int limit) => of switch
    {
        "partners" => queries.PartnersToPick(current.Organisation, words, limit, Leaving),
        "sessions" => queries.SessionsToPick(current.Organisation, words, limit, Leaving),
        "series" => queries.SeriesToPick(current.Organisation, words, limit, Leaving),
        _ => Task.FromResult(ImmutableArray<Choice>.Empty),
    };

    private Picks Of(string of, ImmutableArray<Choice> first, IEnumerable<Choice> picked) => new(
        [.. first.Take(Sent).Concat(picked).DistinctBy(choice => choice.Id).Select(OptionOf)],
        first.Length > Sent ? $"/partners/choices?of={of}" : null);

    private Option OptionOf(Choice choice) =>
        new(choice.Id, reader.Shown(choice), choice.Group is { } group ? $"{reader.Word(group)} · {choice.Note}" : choice.Note);
}

internal static class PartnerChoices
{
    public static void MapPartnerChoices(this IEndpointRouteBuilder routes) => routes
        .MapGet("/partners/choices", async (string? of, string? q, PartnerPicks picks) => Results.Json(await picks.Answer(of, q)))
        .RequireAuthorization(AtLeastAttribute.PolicyFor(Role.Reader))
        .ExcludeFromDescription();
}
