using System.Collections.Immutable;
using Guichet.Contacts;

namespace Guichet.Imports;

/// <summary>A contact that a line may be about, or looks like.</summary>
internal sealed record MatchedContact(string Id, long Number, string Shown, string NameKey, string FirstKey, bool Archived, ContactState State);

/// <summary>What was found for one line.</summary>
/// <param name="Own">What an earlier line made under the id that this one's contact would get; null for nothing.</param>
/// <param name="ByName">With the same birth date or postcode.</param>
/// <param name="Alike">Contacts that are reached the same way or sound the same at the same place; shown, never taken for it.</param>
internal sealed record LineMatches(
    MatchedContact? Own, MatchedContact? ByNumber, ImmutableArray<MatchedContact> ByReference, ImmutableArray<MatchedContact> ByEmail, ImmutableArray<MatchedContact> ByName,
    ImmutableArray<AlikeContact> Alike, ImmutableArray<AlikeContact> Structures)
{
    public static readonly LineMatches None = new(null, null, [], [], [], [], []);
}

/// <summary>A contact as a person tells it from others.</summary>
public sealed record AlikeContact(string Id, string Shown);

/// <param name="Before">Its values before; what undoing gives back.</param>
public sealed record PlannedCriterion(string Criterion, ImmutableArray<string> Values, ImmutableArray<string> Before);

/// <param name="MakesName">The structure isn't there yet and is made with this name.</param>
public sealed record PlannedRelation(RelationKind Kind, string To, string? MakesName);

public sealed record PlannedConsent(ConsentChannel Channel, string Category, ConsentProof Proof);

/// <summary>What one line does: only what isn't so already. Kept with what was there before, so that it can be done again and undone.</summary>
/// <param name="Details">Null where they stay as they are.</param>
/// <param name="Before">Null for a contact that is made.</param>
public sealed record PlannedContact(
    int Line, string ContactId, PlannedAction Action, string Shown, ContactDetails? Details, ContactDetails? Before, long BasedOn, ImmutableArray<string> Tags,
    ImmutableArray<PlannedCriterion> Criteria, PlannedRelation? Relation, string? Note, ImmutableArray<PlannedConsent> Consents)
{
    /// <summary>Contacts that may be the same person, of one that is made.</summary>
    public ImmutableArray<AlikeContact> Alike { get; init; } = [];
}

/// <summary>Decides what a line of a file of contacts does: pure.</summary>
/// <param name="newId">The id that words always give in this import.</param>
/// <param name="firstLines">Lines whose contact stands on an earlier line: which.</param>
/// <param name="structureLines">Lines that are themselves a structure of the file, by its name's key.</param>
internal sealed class ContactPlanning(ContactReader reader, RefusalList refusals, DateOnly today, Func<string, string> newId, IReadOnlyDictionary<int, int> firstLines, IReadOnlyDictionary<string, int> structureLines)
{
    private readonly Dictionary<string, string> made = new(StringComparer.Ordinal);
    private int line;

    public string IdOf(int line) => newId($"line {ContactRules.Number(line)}");

    /// <summary>Null when it is refused; the refusals say why.</summary>
    public PlannedContact? Plan(SaidContact said, LineMatches found)
    {
        var before = refusals.Count;
        line = said.Line;
        if (firstLines.TryGetValue(said.Line, out var first))
        {
            Refuse(ImportCodes.ContactTwice, ContactFields.Name, said.Shown, ContactRules.Number(first));
            return null;
        }
        var match = Match(said, found);
        if (refusals.Count > before) return null;
        if (match is { State.Details: { } was })
        {
            // A line that doesn't say what it is, is what the contact is.
            if (was.Kind != said.Kind && !said.KindIsSaid) said = said with { Kind = was.Kind, Relation = was.Kind == ContactKind.Structure ? RelationKind.Subsidiary : RelationKind.Member };
            if (was.Kind != said.Kind) Refuse(ImportCodes.ContactOfOtherKind, ContactFields.Kind, said.Shown, Named(match));
        }
        var (details, wrong) = ContactRules.Check(said.Onto(match?.State.Details), today);
        var kinds = (match?.State.Details?.Addresses ?? []).Select(address => address.Kind).Concat(said.Addresses.Select(address => address.Kind)).Distinct().ToImmutableArray();
        foreach (var refusal in wrong)
        {
            var field = ContactFields.FieldOf(refusal.Field, kinds);
            refusals.Add(ImportRefusal.At(refusal.Code, said.Line, reader.HeaderOf(field), Value(said, field), [.. refusal.Arguments]));
        }
        var relation = Related(said, found, match);
        if (refusals.Count > before) return null;
        return match is null ? Created(said, found, details, relation) : Changed(said, match, details, relation);
    }

    private PlannedContact Created(SaidContact said, LineMatches found, ContactDetails details, PlannedRelation? relation) => new(
        said.Line, IdOf(said.Line), PlannedAction.Create, said.Shown, details, null, 0, said.Tags,
        [.. said.Criteria.GroupBy(one => one.Criterion.Code).Select(group => new PlannedCriterion(group.Key, [.. group.Select(one => one.Value)], []))],
        relation, said.Note, [.. said.Consents.Select(consent => new PlannedConsent(consent.Channel, consent.Category, consent.Proof))])
    { Alike = found.Alike };

    private static PlannedContact Changed(SaidContact said, MatchedContact match, ContactDetails details, PlannedRelation? relation)
    {
        var state = match.State;
        var tags = state.Tags.Select(ContactTags.KeyOf).ToHashSet(StringComparer.Ordinal);
        var criteria = said.Criteria.GroupBy(one => one.Criterion.Code).Select(group =>
        {
            ImmutableArray<string> was = state.Criteria.FirstOrDefault(criterion => criterion.Criterion == group.Key)?.Values ?? [];
            var now = group.First().Criterion.Multiple ? was.Union(group.Select(one => one.Value)) : group.Select(one => one.Value);
            return new PlannedCriterion(group.Key, [.. now.Order(StringComparer.Ordinal)], was);
        }).Where(criterion => !criterion.Values.SequenceEqual(criterion.Before, StringComparer.Ordinal));
        var planned = new PlannedContact(
            said.Line, match.Id, PlannedAction.Change, match.Shown, Same(details, state.Details!) ? null : details, state.Details, state.Revision,
            [.. said.Tags.Where(tag => !tags.Contains(ContactTags.KeyOf(tag)))], [.. criteria],
            relation is not null && state.Relations.Any(known => known.Kind == relation.Kind && known.To == relation.To) ? null : relation,
            said.Note is { } note && state.Notes.All(known => known.Text != note.ReplaceLineEndings("\n").Trim()) ? note : null,
            [.. said.Consents.Where(consent => !state.Consents.Any(held => held.Withdrawn is null && held.Channel == consent.Channel && held.Category == consent.Category)).Select(consent => new PlannedConsent(consent.Channel, consent.Category, consent.Proof))]);
        return planned is { Details: null, Tags.IsEmpty: true, Criteria.IsEmpty: true, Relation: null, Note: null, Consents.IsEmpty: true }
            ? planned with { Action = PlannedAction.Nothing, Before = null }
            : planned;
    }

    /// <summary>By number, reference code, e-mail with the name, or name with birth date or postcode; the first of these that is said and found decides.</summary>
    private MatchedContact? Match(SaidContact said, LineMatches found)
    {
        if (found.Own is { } own) return own;
        if (said.Number is { } number)
        {
            var text = ContactRules.Number(number);
            if (found.ByNumber is not { } numbered) Refuse(ImportCodes.ContactNumberUnknown, ContactFields.Number, text);
            else if (numbered.Archived) Refuse(ImportCodes.ContactArchived, ContactFields.Number, text, Named(numbered));
            // A file of another house has numbers too, of other people.
            else if (numbered.NameKey != said.NameKey && numbered.FirstKey != said.FirstKey && !SharesEmail(numbered, said)) Refuse(ImportCodes.ContactNumberOfAnother, ContactFields.Number, text, Named(numbered));
            else return numbered;
            return null;
        }
        foreach (var (field, several) in new[] { (ContactFields.ReferenceCode, found.ByReference), (ImportFields.Email, found.ByEmail), (ContactFields.Name, found.ByName) })
        {
            if (several.IsEmpty) continue;
            if (several.Length == 1) return several[0];
            Refuse(ImportCodes.ContactAmbiguous, field, Value(said, field), [.. several.Take(10).Select(Named)]);
            return null;
        }
        return null;
    }

    private PlannedRelation? Related(SaidContact said, LineMatches found, MatchedContact? match)
    {
        if (said.Structure is not { } written) return null;
        var byNumber = IsNumber(written);
        if (found.Structures.Length == 1) return new PlannedRelation(said.Relation, found.Structures[0].Id, null);
        if (found.Structures.Length > 1)
        {
            // The one that it is tied to already is meant.
            if (found.Structures.FirstOrDefault(one => match?.State.Relations.Any(relation => relation.To == one.Id) == true) is { } tied) return new PlannedRelation(said.Relation, tied.Id, null);
            Refuse(ImportCodes.StructureAmbiguous, ContactFields.Structure, written, [.. found.Structures.Take(10).Select(one => one.Shown)]);
            return null;
        }
        var key = SearchKey.Of(written);
        if (byNumber || key.Length == 0)
        {
            Refuse(ImportCodes.StructureUnknown, ContactFields.Structure, written);
            return null;
        }
        if (!made.TryGetValue(key, out var id)) made[key] = id = structureLines.TryGetValue(key, out var ofLine) ? IdOf(ofLine) : newId($"structure {key}");
        return new PlannedRelation(said.Relation, id, written);
    }

    internal static bool IsNumber(string structure) => structure.Length <= 18 && !structure.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static bool SharesEmail(MatchedContact match, SaidContact said) =>
        match.State.Details is { } details && details.Emails.Any(email => said.Emails.Any(one => SearchKey.Of(one) == SearchKey.Of(email)));

    internal static bool Same(ContactDetails one, ContactDetails other) => Journal.Json.Write(one) == Journal.Json.Write(other);

    private static string Named(MatchedContact contact) => $"{contact.Shown} [{ContactRules.Number(contact.Number)}]";

    private void Refuse(string code, string field, string value, params ReadOnlySpan<string> arguments) =>
        refusals.Add(ImportRefusal.At(code, line, reader.HeaderOf(field), value, arguments));

    private static string Value(SaidContact said, string field) => field switch
    {
        ContactFields.Name => said.Name,
        ContactFields.FirstName => said.FirstName ?? "",
        ContactFields.BirthDate => said.BirthDate is { } born ? ContactRules.Day(born) : "",
        ImportFields.Email => string.Join(", ", said.Emails),
        ContactFields.Mobile => said.Mobile ?? "",
        ContactFields.Phone => said.Phone ?? "",
        ContactFields.Fax => said.Fax ?? "",
        ContactFields.Iban => said.Iban ?? "",
        ContactFields.ReferenceCode => said.ReferenceCode ?? "",
        "postcode" => said.Postcode ?? "",
        _ => "",
    };
}
