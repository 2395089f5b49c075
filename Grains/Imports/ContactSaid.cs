using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Guichet.Contacts;
using Guichet.Organisations;

namespace Guichet.Imports;

/// <summary>A value of a criterion, as the organisation defines it.</summary>
internal sealed record SaidCriterion(CriterionDefinition Criterion, string Value);

/// <summary>What a line says of one of the addresses; null for what it doesn't.</summary>
internal sealed record SaidAddress(
    AddressKind Kind, string? Country, string? Postcode, string? City, string? Line1, string? Line2, string? Line3, string? Department, string? Region);

/// <summary>What a line of a file says of a contact. What it doesn't say is null, or empty.</summary>
internal sealed record SaidContact(
    int Line, long? Number, ContactKind Kind, bool KindIsSaid, ImmutableArray<ContactType> Types, string Name, string? Title, string? FirstName, DateOnly? BirthDate,
    string? Function, Language? Language, string? AdministrativeNumber, string? Nature, ImmutableArray<string> Emails, string? Mobile, string? Phone, string? Fax,
    ImmutableArray<SaidAddress> Addresses, string? Iban, string? ReferenceCode, bool? Ambassador, bool? NotValid,
    ImmutableArray<string> Tags, ImmutableArray<SaidCriterion> Criteria, string? Structure, RelationKind Relation, string? Note, ImmutableArray<GiveConsentSaid> Consents)
{
    public string NameKey { get; } = SearchKey.Of(Name);

    public string FirstKey { get; } = SearchKey.Of(FirstName);

    public string Shown => ContactRow.NameOf(Name, FirstName);

    public string? Postcode => Addresses.FirstOrDefault(address => address.Kind == AddressKind.Main)?.Postcode is { } postcode ? Plain(postcode) : null;

    /// <summary>It says a name, and nothing that would tell two of that name apart.</summary>
    public bool IsBare => Number is null && ReferenceCode is null && Emails.IsEmpty && BirthDate is null && Postcode is null && Mobile is null && Phone is null;

    /// <summary>By what two lines of a file are told to be the same contact.</summary>
    public IEnumerable<string> Identities()
    {
        if (Number is { } number) yield return $"n:{number}";
        if (SearchKey.Of(ReferenceCode) is { Length: > 0 } reference) yield return $"r:{reference}";
        var name = $"{Kind}:{NameKey}:{FirstKey}";
        foreach (var email in Emails) yield return $"e:{SearchKey.Of(email)}:{name}";
        if (BirthDate is { } born) yield return $"b:{ContactRules.Day(born)}:{name}";
        if (Postcode is { } postcode) yield return $"p:{postcode}:{name}";
        if (IsBare) yield return $"x:{name}";
    }

    /// <summary>The contact with what the line says: nothing is taken away, and what differs by case or accents alone stays as it is.</summary>
    /// <param name="was">Null for a new one.</param>
    public ContactDetails Onto(ContactDetails? was) => new(
        Kind, was is null ? Types : [.. was.Types.Union(Types).Order()], Written(was?.Name, Name)!, Written(was?.Title, Title), Written(was?.FirstName, FirstName),
        BirthDate ?? was?.BirthDate, Written(was?.Function, Function), Language ?? was?.Language ?? Organisations.Language.French,
        AdministrativeNumber ?? was?.AdministrativeNumber, Written(was?.Nature, Nature),
        was is null ? Emails : [.. was.Emails.Concat(Emails.Where(email => !was.Emails.Any(known => SearchKey.Of(known) == SearchKey.Of(email))))],
        Mobile ?? was?.Mobile, Phone ?? was?.Phone, Fax ?? was?.Fax, AddressesOnto(was?.Addresses ?? []),
        Iban ?? was?.Iban, ReferenceCode ?? was?.ReferenceCode, Ambassador ?? was?.Ambassador ?? false, NotValid ?? was?.NotValid ?? false);

    private ImmutableArray<ContactAddress> AddressesOnto(ImmutableArray<ContactAddress> was)
    {
        var addresses = was.ToBuilder();
        foreach (var said in Addresses)
        {
            var old = was.FirstOrDefault(address => address.Kind == said.Kind);
            var now = new ContactAddress(
                said.Kind, said.Country ?? old?.Country ?? PhoneText.DefaultCountry, said.Postcode ?? old?.Postcode, Written(old?.City, said.City), Written(old?.Line1, said.Line1),
                Written(old?.Line2, said.Line2), Written(old?.Line3, said.Line3), Written(old?.Department, said.Department), Written(old?.Region, said.Region), old?.NotValid ?? false);
            // Spreadsheets take 01000 for a number.
            if (now is { Country: "FR", Postcode: { Length: 4 } short4 } && !short4.AsSpan().ContainsAnyExceptInRange('0', '9')) now = now with { Postcode = $"0{short4}" };
            if (old is null) addresses.Add(now);
            else addresses[addresses.IndexOf(old)] = now;
        }
        return addresses.ToImmutable();
    }

    private static string? Written(string? was, string? said) => said is null || (was is not null && SearchKey.Of(was) == SearchKey.Of(said)) ? was : said;

    private static string Plain(string postcode)
    {
        var plain = postcode.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        return plain.Length == 4 && !plain.AsSpan().ContainsAnyExceptInRange('0', '9') ? $"0{plain}" : plain;
    }
}

internal sealed record GiveConsentSaid(ConsentChannel Channel, string Category, ConsentProof Proof);

/// <summary>Reads what lines of contacts say, each value refused with its column where it isn't one.</summary>
/// <param name="today">The latest day that it is anywhere.</param>
internal sealed class ContactReader(Mapping mapping, ImmutableArray<CriterionDefinition> criteria, DateOnly today, RefusalList refusals)
{
    private static readonly FrozenDictionary<string, string> Countries = NamesOfCountries();

    private readonly FrozenDictionary<string, string> headers = mapping.Columns.DistinctBy(column => column.Field).ToFrozenDictionary(column => column.Field, column => column.Header);

    /// <summary>The column that feeds a field; the field itself where a fixed value does.</summary>
    public string HeaderOf(string field) => headers.GetValueOrDefault(field, field);

    /// <summary>Null when anything of it was refused.</summary>
    public SaidContact? Read(MappedLine line)
    {
        var before = refusals.Count;
        var structure = Text(ContactFields.Structure);
        var name = Text(ContactFields.Name) ?? "";
        var kind = KindOf(out var said);
        // A line of a company alone, as address books have them.
        if (name.Length == 0 && structure is not null && Text(ContactFields.FirstName) is null) (name, structure, kind) = (structure, null, ContactKind.Structure);
        if (SearchKey.Of(name).Length == 0 && !line.IsRefused) Refuse(ImportCodes.FieldEmpty, ContactFields.Name, "", ContactFields.Name);
        var contact = new SaidContact(
            line.Line, Number(), kind, said, Types(), name, Text(ContactFields.Title), Text(ContactFields.FirstName), Birth(), Text(ContactFields.Function), LanguageOf(),
            Text(ContactFields.AdministrativeNumber), Text(ContactFields.Nature), Emails(), Text(ContactFields.Mobile), Text(ContactFields.Phone), Text(ContactFields.Fax), Addresses(),
            Text(ContactFields.Iban), Text(ContactFields.ReferenceCode), YesOrNo(ContactFields.Ambassador), YesOrNo(ContactFields.NotValid), Tags(), Criteria(kind), structure, RelationOf(kind),
            Text(ImportFields.Note), Consents());
        return line.IsRefused || refusals.Count > before ? null : contact;

        string? Text(string field) => line[field] is { Length: > 0 } text ? text : null;

        void Refuse(string code, string field, string value, params ReadOnlySpan<string> arguments) => refusals.Add(ImportRefusal.At(code, line.Line, HeaderOf(field), value, arguments));

        ContactKind KindOf(out bool isSaid)
        {
            isSaid = false;
            if (Text(ContactFields.Kind) is { } written)
            {
                isSaid = true;
                switch (Words.FoldHeader(written))
                {
                    case "individuel" or "individu" or "particulier" or "personne" or "personne physique" or "individual" or "person" or "contact" or "p": return ContactKind.Individual;
                    case "structure" or "societe" or "entreprise" or "organisme" or "organisation" or "association" or "personne morale" or "etablissement" or "ecole" or "company" or "organization" or "org" or "s": return ContactKind.Structure;
                }
                Refuse(ImportCodes.ContactKindUnknown, ContactFields.Kind, written);
            }
            var own = Text(ContactFields.FirstName) is null && Text(ContactFields.Title) is null && line.Date is null;
            return own && (Text(ContactFields.AdministrativeNumber) ?? Text(ContactFields.Nature)) is not null ? ContactKind.Structure : ContactKind.Individual;
        }

        long? Number()
        {
            if (Text(ContactFields.Number) is not { } written) return null;
            if (long.TryParse(written.Trim('[', ']', ' ', '#'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0) return number;
            Refuse(ImportCodes.ContactNumberUnread, ContactFields.Number, written);
            return null;
        }

        DateOnly? Birth()
        {
            if (line.Date is not { } date) return null;
            var born = new DateOnly(date.Year, date.Month, date.Day);
            // Two digits of a year are of this century elsewhere; nobody was born in one to come.
            return born > today && born.Year < 2100 ? born.AddYears(-100) : born;
        }

        Language? LanguageOf()
        {
            if (Text(ImportFields.Language) is not { } written) return null;
            switch (Words.FoldHeader(written))
            {
                case "francais" or "french" or "fr" or "fr fr" or "fra" or "fre": return Language.French;
                case "anglais" or "english" or "en" or "en gb" or "en us" or "eng": return Language.English;
            }
            Refuse(ImportCodes.ContactLanguageUnknown, ImportFields.Language, written);
            return null;
        }

        ImmutableArray<ContactType> Types()
        {
            if (Text(ContactFields.Types) is not { } written) return [];
            var types = ImmutableArray.CreateBuilder<ContactType>();
            foreach (var word in Split(written))
            {
                ContactType? type = Words.FoldHeader(word) switch
                {
                    "guide" or "guides" => ContactType.Guide,
                    "fournisseur" or "supplier" => ContactType.Supplier,
                    "partenaire" or "partner" => ContactType.Partner,
                    "producteur" or "producer" => ContactType.Producer,
                    "support" => ContactType.Support,
                    _ => null,
                };
                if (type is { } known) types.Add(known);
                else Refuse(ImportCodes.ContactTypeUnknown, ContactFields.Types, word);
            }
            return [.. types.Distinct().Order()];
        }

        ImmutableArray<string> Emails() =>
            [.. line.Repeated.Where(one => one.Field == ImportFields.Email).SelectMany(one => one.Text.Split([',', ';', ' ', '\n', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Select(email => email.Trim('<', '>').ToLowerInvariant()).Where(email => email != ":::").Distinct(StringComparer.Ordinal)];

        ImmutableArray<string> Tags()
        {
            ImmutableArray<string> tags = [.. line.Repeated.Where(one => one.Field == ContactFields.Tags).SelectMany(one => Split(one.Text.Replace(" ::: ", ";", StringComparison.Ordinal))).Select(tag => tag.TrimStart('*', ' '))
                .Where(tag => ContactTags.KeyOf(tag).Length > 0).DistinctBy(ContactTags.KeyOf)];
            foreach (var tag in tags.Where(tag => tag.Length > ContactRules.LongestTag)) Refuse(ImportCodes.TextTooLong, ContactFields.Tags, tag, ContactRules.Number(ContactRules.LongestTag));
            if (tags.Length > ContactRules.MostTags) Refuse(ImportCodes.TooManyTags, ContactFields.Tags, "", ContactRules.Number(ContactRules.MostTags));
            return tags;
        }

        bool? YesOrNo(string field)
        {
            if (Text(field) is not { } written) return null;
            switch (Words.FoldHeader(written))
            {
                case "oui" or "o" or "x" or "1" or "vrai" or "yes" or "y" or "true" or "ok": return true;
                case "non" or "n" or "0" or "faux" or "no" or "false": return false;
            }
            Refuse(ImportCodes.YesOrNoExpected, field, written);
            return null;
        }

        ImmutableArray<SaidAddress> Addresses()
        {
            var addresses = ImmutableArray.CreateBuilder<SaidAddress>();
            foreach (var of in (ReadOnlySpan<AddressKind>)[AddressKind.Main, AddressKind.Delivery, AddressKind.Billing])
            {
                string? Part(string part) => Text(ContactFields.PartOf(of, part));
                var address = new SaidAddress(of, Country(of), Part("postcode"), Part("city"), Part("line1"), Part("line2"), Part("line3"), Part("department"), Part("region"));
                // A country alone, the same on every line, is no address.
                if (address with { Country = null } != new SaidAddress(of, null, null, null, null, null, null, null, null)) addresses.Add(address);
            }
            return addresses.ToImmutable();
        }

        string? Country(AddressKind of)
        {
            var field = ContactFields.PartOf(of, "country");
            if (Text(field) is not { } written) return null;
            if (Countries.TryGetValue(Words.FoldHeader(written), out var code)) return code;
            Refuse(ImportCodes.CountryUnread, field, written);
            return null;
        }

        RelationKind RelationOf(ContactKind kind)
        {
            if (kind == ContactKind.Structure) return RelationKind.Subsidiary;
            if (Text(ContactFields.Relation) is not { } written) return RelationKind.Member;
            switch (Words.FoldHeader(written))
            {
                case "membre" or "membre de" or "member" or "member of": return RelationKind.Member;
                case "relais" or "relais de" or "relay" or "relay of" or "referent": return RelationKind.Relay;
            }
            Refuse(ImportCodes.RelationUnknown, ContactFields.Relation, written);
            return RelationKind.Member;
        }

        ImmutableArray<SaidCriterion> Criteria(ContactKind kind)
        {
            var said = ImmutableArray.CreateBuilder<SaidCriterion>();
            foreach (var (_, header, text) in line.Repeated.Where(one => one.Field == ContactFields.Criteria))
            {
                var ofColumn = Definition(header);
                foreach (var value in Split(text))
                {
                    var colon = value.IndexOf(':', StringComparison.Ordinal);
                    var named = colon > 0 ? Definition(value[..colon]) : null;
                    if (Resolved(named ?? ofColumn, named is null ? value : value[(colon + 1)..], kind, header) is { } one) said.Add(one);
                }
            }
            foreach (var several in said.Where(one => !one.Criterion.Multiple).DistinctBy(one => (one.Criterion.Code, one.Value)).GroupBy(one => one.Criterion.Code).Where(group => group.Count() > 1))
                Refuse(ImportCodes.CriterionOnlyOne, ContactFields.Criteria, string.Join(", ", several.Select(one => one.Value)), several.First().Criterion.French);
            return [.. said.DistinctBy(one => (one.Criterion.Code, one.Value))];
        }

        CriterionDefinition? Definition(string written) => Words.FoldHeader(written) is { Length: > 0 } folded
            ? criteria.FirstOrDefault(criterion => !criterion.Retired && (criterion.Code == written.Trim() || Words.FoldHeader(criterion.French) == folded || Words.FoldHeader(criterion.English) == folded))
            : null;

        SaidCriterion? Resolved(CriterionDefinition? criterion, string written, ContactKind kind, string header)
        {
            var folded = Words.FoldHeader(written);
            SaidCriterion[] found =
            [
                .. (criterion is null ? criteria.Where(one => !one.Retired && one.Kind == kind) : [criterion])
                    .SelectMany(one => one.Values.Where(value => !value.Retired && (value.Code == written.Trim() || Words.FoldHeader(value.French) == folded || Words.FoldHeader(value.English) == folded))
                        .Select(value => new SaidCriterion(one, value.Code))),
            ];
            if (found.Length == 1 && found[0].Criterion.Kind == kind) return found[0];
            if (found.Length == 0)
                refusals.Add(ImportRefusal.At(ImportCodes.CriterionUnread, line.Line, header, written, [.. criterion is null ? criteria.Where(one => one.Kind == kind && !one.Retired).Take(10).Select(one => one.French) : criterion.Values.Where(value => !value.Retired).Take(10).Select(value => value.French)]));
            else if (found.Length > 1) refusals.Add(ImportRefusal.At(ImportCodes.CriterionUnclear, line.Line, header, written, [.. found.Take(10).Select(one => one.Criterion.French)]));
            else refusals.Add(ImportRefusal.At(found[0].Criterion.Kind == ContactKind.Individual ? "individuals-only" : "structures-only", line.Line, header, written));
            return null;
        }

        ImmutableArray<GiveConsentSaid> Consents()
        {
            var given = ContactFields.Consents.Where(one => YesOrNo(one.Field) == true).ToArray();
            if (given.Length == 0) return [];
            var (category, at, where) = (Text(ContactFields.ConsentCategory), Text(ContactFields.ConsentAt), Text(ContactFields.ConsentWhere));
            foreach (var (field, value) in new[] { (ContactFields.ConsentCategory, category), (ContactFields.ConsentAt, at), (ContactFields.ConsentWhere, where) })
                if (value is null) Refuse(ImportCodes.ConsentUnproven, given[0].Field, Text(given[0].Field) ?? "", field);
            if (category is null || at is null || where is null) return [];
            if (category.Length > ContactSettingsCore.LongestCategory) Refuse(ImportCodes.TextTooLong, ContactFields.ConsentCategory, category, ContactRules.Number(ContactSettingsCore.LongestCategory));
            var order = mapping.Columns.FirstOrDefault(column => column.Field == ContactFields.ConsentAt)?.Dates ?? DateOrder.DayFirst;
            var read = Dates.Read(at, order);
            var day = read.IsRead ? new DateOnly(read.Date.Year, read.Date.Month, read.Date.Day) : default;
            if (!read.IsRead || day > today)
            {
                Refuse(read.Code ?? ImportCodes.DateNotInCalendar, ContactFields.ConsentAt, at);
                return [];
            }
            // The day that was written down; at its start, so that it isn't to come anywhere.
            var proof = new ConsentProof(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), where, Text(ContactFields.ConsentWording));
            return [.. given.Select(one => new GiveConsentSaid(one.Channel, category, proof))];
        }
    }

    private static IEnumerable<string> Split(string text) => text.Split([',', ';', '|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Codes, and names in French and English, to codes.</summary>
    private static FrozenDictionary<string, string> NamesOfCountries()
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var before = CultureInfo.CurrentUICulture;
        try
        {
            foreach (var language in (ReadOnlySpan<string>)["fr-FR", "en-GB"])
            {
                CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
                foreach (var code in PhoneText.Countries)
                {
                    names[Words.FoldHeader(code)] = code;
                    if (NameOf(code) is { } name) names.TryAdd(Words.FoldHeader(name), code);
                }
            }
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
        foreach (var (name, code) in (ReadOnlySpan<(string, string)>)[("angleterre", "GB"), ("grande bretagne", "GB"), ("royaume uni", "GB"), ("england", "GB"), ("great britain", "GB"), ("uk", "GB"), ("usa", "US"), ("etats unis d amerique", "US"), ("hollande", "NL"), ("holland", "NL"), ("france metropolitaine", "FR")])
            names.TryAdd(name, code);
        return names.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string? NameOf(string code)
    {
        try
        {
            return new RegionInfo(code).DisplayName;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
