using System.Collections.Immutable;
using System.Globalization;
using Guichet.Mail;
using Guichet.Organisations;
using Guichet.Partners;

namespace Guichet.Imports;

/// <summary>What exists when partners are imported.</summary>
/// <param name="NewId">The id of something to be made, always the same for the same words.</param>
public sealed record PartnersContext(ImmutableArray<KnownPartner> Partners, Func<string, string> NewId);

/// <summary>
/// A file of partners against what exists. Lines of one name are one partner, so that a file may have a line an address. A partner is
/// known by its name, else by an address that it alone has. What the file doesn't say stays as it is: an import never takes away.
/// </summary>
public static class PartnersImport
{
    public static Taken<PartnersPlan> Plan(Table table, Mapping mapping, PartnersContext context)
    {
        var refusals = new RefusalList();
        if (MappedLines.Open(table, mapping, refusals) is not { } lines) return refusals.Refused<PartnersPlan>();
        var planning = new PartnersPlanning(mapping, context, refusals);
        var count = 0;
        foreach (var line in lines.Read())
        {
            count++;
            if (!line.IsRefused) planning.Take(line);
        }
        return refusals.Count > 0 ? refusals.Refused<PartnersPlan>() : planning.Finish(count, lines.LeftOut);
    }
}

/// <summary>Gathers a file's lines by partner.</summary>
internal sealed class PartnersPlanning(Mapping mapping, PartnersContext context, RefusalList refusals)
{
    private static readonly Dictionary<string, PartnerGroup> Groups = new(StringComparer.Ordinal)
    {
        ["partenaire"] = PartnerGroup.Partners,
        ["partenaires"] = PartnerGroup.Partners,
        ["partner"] = PartnerGroup.Partners,
        ["partners"] = PartnerGroup.Partners,
        ["producteur"] = PartnerGroup.Partners,
        ["producteurs"] = PartnerGroup.Partners,
        ["producer"] = PartnerGroup.Partners,
        ["producers"] = PartnerGroup.Partners,
        ["agent"] = PartnerGroup.Agents,
        ["agents"] = PartnerGroup.Agents,
        ["agence"] = PartnerGroup.Agents,
        ["agency"] = PartnerGroup.Agents,
        ["lieu"] = PartnerGroup.Venues,
        ["lieux"] = PartnerGroup.Venues,
        ["salle"] = PartnerGroup.Venues,
        ["salles"] = PartnerGroup.Venues,
        ["venue"] = PartnerGroup.Venues,
        ["venues"] = PartnerGroup.Venues,
    };

    private static readonly Dictionary<string, Language> Languages = new(StringComparer.Ordinal)
    {
        ["fr"] = Language.French,
        ["fra"] = Language.French,
        ["francais"] = Language.French,
        ["french"] = Language.French,
        ["fr-fr"] = Language.French,
        ["en"] = Language.English,
        ["eng"] = Language.English,
        ["anglais"] = Language.English,
        ["english"] = Language.English,
        ["en-gb"] = Language.English,
        ["en-us"] = Language.English,
    };

    private readonly ILookup<string, KnownPartner> _byName = context.Partners.ToLookup(partner => Words.Fold(partner.Details.Name));
    private readonly ILookup<string, KnownPartner> _byAddress = context.Partners
        .SelectMany(partner => partner.Details.Addresses.Select(address => (address.Email, partner))).ToLookup(pair => pair.Email, pair => pair.partner);
    private readonly Dictionary<string, Draft> _drafts = [];
    private readonly List<Draft> _inOrder = [];

    /// <summary>A fixed value is for what is made: of what exists, only a column changes it.</summary>
    private readonly bool _saysGroup = mapping.Columns.Any(column => column.Field == ImportFields.Group);
    private readonly bool _saysLanguage = mapping.Columns.Any(column => column.Field == ImportFields.Language);

    public void Take(MappedLine line)
    {
        var name = line[ImportFields.Partner];
        if (name.Length == 0)
        {
            refusals.Add(ImportRefusal.At(ImportCodes.FieldEmpty, line.Line, ImportFields.Partner, "", ImportFields.Partner));
            return;
        }
        if (!_drafts.TryGetValue(Words.Fold(name), out var draft))
        {
            draft = new Draft(name, line.Line);
            _drafts.Add(Words.Fold(name), draft);
            _inOrder.Add(draft);
        }
        TakeAddresses(draft, line);
        if (IsKnown(line, ImportFields.Group, Groups, ImportCodes.GroupUnknown)) draft.Say(ImportFields.Group, line, refusals);
        if (IsKnown(line, ImportFields.Language, Languages, ImportCodes.LanguageUnknown)) draft.Say(ImportFields.Language, line, refusals);
        draft.Say(ImportFields.Note, line, refusals);
    }

    public Taken<PartnersPlan> Finish(int lines, ImmutableArray<int> leftOut)
    {
        var planned = ImmutableArray.CreateBuilder<PlannedPartner>(_inOrder.Count);
        var taken = new Dictionary<string, Draft>(StringComparer.Ordinal);
        foreach (var draft in _inOrder)
        {
            if (!TryMatch(draft, out var existing)) continue;
            if (existing is not null && !taken.TryAdd(existing.Id, draft))
            {
                refusals.Add(ImportRefusal.At(ImportCodes.PartnerTwice, draft.Line, ImportFields.Partner, draft.Name, existing.Details.Name, Text(taken[existing.Id].Line)));
                continue;
            }
            if (Planned(draft, existing) is { } one) planned.Add(one);
        }
        return refusals.Or(() => new PartnersPlan(planned.DrainToImmutable(), lines, leftOut));
    }

    private void TakeAddresses(Draft draft, MappedLine line)
    {
        var (to, cc) = (line[ImportFields.Email], line[ImportFields.Cc]);
        ImmutableArray<(string Field, PartnerAddress Address)> found =
        [
            .. AddressText.Split(to, RecipientKind.To, line[ImportFields.Contact]).Select(address => (ImportFields.Email, address)),
            .. AddressText.Split(cc, RecipientKind.Cc).Select(address => (ImportFields.Cc, address)),
        ];
        if (found.IsEmpty) refusals.Add(ImportRefusal.At(ImportCodes.FieldEmpty, line.Line, ImportFields.Email, draft.Name, ImportFields.Email));
        var before = draft.Addresses.Count;
        foreach (var (field, address) in found)
        {
            var email = EmailAddress.Normalized(address.Email);
            if (!EmailAddress.IsValid(email)) refusals.Add(ImportRefusal.At(ImportCodes.AddressInvalid, line.Line, field, address.Email));
            else if (!draft.Addresses.Exists(other => other.Email == email)) draft.Addresses.Add(address with { Email = email });
        }
        // Another line of the same partner that brings nothing is a line too many; one address twice in a cell is none.
        if (line.Line != draft.Line && draft.Addresses.Count == before && !found.IsEmpty && found.All(one => EmailAddress.IsValid(EmailAddress.Normalized(one.Address.Email))))
            refusals.Add(ImportRefusal.At(ImportCodes.LineDuplicate, line.Line, "", draft.Name, Text(draft.Line)));
    }

    private bool IsKnown<T>(MappedLine line, string field, Dictionary<string, T> words, string unknown)
    {
        if (line[field].Length == 0) return false;
        if (words.ContainsKey(Words.Fold(line[field]))) return true;
        refusals.Add(ImportRefusal.At(unknown, line.Line, field, line[field]));
        return false;
    }

    /// <summary>The partner that the lines are about, if it exists. False when it can't be told which.</summary>
    private bool TryMatch(Draft draft, out KnownPartner? existing)
    {
        var sharing = draft.Addresses.SelectMany(address => _byAddress[address.Email]).DistinctBy(partner => partner.Id).ToImmutableArray();
        var named = _byName[Words.Fold(draft.Name)].ToImmutableArray();
        // Several of one name are told apart by an address; an address of several says nothing of a new name.
        var candidates = named.Length > 1 && sharing.IntersectBy(named.Select(partner => partner.Id), partner => partner.Id).ToImmutableArray() is { Length: 1 } only ? only
            : named.Length > 0 ? named : sharing;
        existing = candidates is [var one] ? one : null;
        if (candidates.Length <= 1) return true;
        refusals.Add(ImportRefusal.At(
            ImportCodes.PartnerAmbiguous, draft.Line, ImportFields.Partner, draft.Name,
            [.. candidates.Take(5).Select(partner => $"{partner.Details.Name} ({partner.Details.Addresses[0].Email})")]));
        return false;
    }

    private PlannedPartner? Planned(Draft draft, KnownPartner? existing)
    {
        var old = existing?.Details;
        var said = old?.Addresses.Select(address => draft.Addresses.Find(other => other.Email == address.Email) is { } now
            ? now with { Name = now.Name ?? address.Name } : address) ?? [];
        var details = new PartnerDetails(
            // A file that writes the same name without its accents isn't a correction of it.
            old is not null && Words.Fold(old.Name) == Words.Fold(draft.Name) ? old.Name : draft.Name,
            Value(ImportFields.Group, Groups, _saysGroup, old?.Group, PartnerGroup.Partners),
            [.. said, .. draft.Addresses.Where(address => old?.Addresses.Any(other => other.Email == address.Email) != true)],
            Value(ImportFields.Language, Languages, _saysLanguage, old?.Language, Language.French),
            draft.Said(ImportFields.Note) ?? old?.Note);
        var (cleaned, wrong) = PartnerRules.Check(details);
        foreach (var refusal in wrong) refusals.Add(ImportRefusal.At(refusal.Code, draft.Line, refusal.Field is "note" ? ImportFields.Note : "", draft.Name, refusal.Arguments.AsSpan()));
        if (!wrong.IsEmpty) return null;
        var changes = old is null ? [] : Between(old, cleaned);
        var action = old is null ? PlannedAction.Create : changes.IsEmpty ? PlannedAction.Nothing : PlannedAction.Change;
        return new PlannedPartner(action, existing?.Id ?? context.NewId($"partner {Words.Fold(draft.Name)}"), existing?.Revision ?? 0, cleaned, changes, draft.Line);

        T Value<T>(string field, Dictionary<string, T> words, bool fromColumn, T? before, T otherwise) where T : struct =>
            (fromColumn || before is null) && draft.Said(field) is { } word ? words[Words.Fold(word)] : before ?? otherwise;
    }

    private static ImmutableArray<PlannedChange> Between(PartnerDetails before, PartnerDetails after)
    {
        var changes = ImmutableArray.CreateBuilder<PlannedChange>();
        Add(ImportFields.Partner, "", before.Name, after.Name);
        Add(ImportFields.Group, "", before.Group.ToString(), after.Group.ToString());
        Add(ImportFields.Language, "", before.Language.ToString(), after.Language.ToString());
        Add(ImportFields.Note, "", before.Note ?? "", after.Note ?? "");
        foreach (var address in after.Addresses)
        {
            var old = before.Addresses.FirstOrDefault(other => other.Email == address.Email);
            var field = address.Kind == RecipientKind.To ? ImportFields.Email : ImportFields.Cc;
            if (old is null || old.Kind != address.Kind) changes.Add(new PlannedChange(field, "", "", address.Email));
            else Add(ImportFields.Contact, address.Email, old.Name ?? "", address.Name ?? "");
        }
        return changes.ToImmutable();

        void Add(string field, string name, string from, string to)
        {
            if (from != to) changes.Add(new PlannedChange(field, name, from, to));
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A partner while its lines are gathered.</summary>
    private sealed class Draft(string name, int line)
    {
        private readonly Dictionary<string, (string Value, int Line)> _said = [];

        public string Name { get; } = name;

        public int Line { get; } = line;

        public List<PartnerAddress> Addresses { get; } = [];

        public void Say(string field, MappedLine said, RefusalList refusals)
        {
            var value = said[field];
            if (value.Length == 0 || _said.TryAdd(field, (value, said.Line))) return;
            var (before, at) = _said[field];
            if (Words.Fold(before) != Words.Fold(value))
                refusals.Add(ImportRefusal.At(ImportCodes.LinesDisagree, said.Line, field, value, field, before, Text(at)));
        }

        public string? Said(string field) => _said.TryGetValue(field, out var said) ? said.Value : null;
    }
}
