using System.Collections.Immutable;
using Guichet.Contacts;

namespace Guichet.Imports;

/// <summary>What a column of a file of contacts can feed, with the headers it goes by in French and English, in exports and in address books.</summary>
public static class ContactFields
{
    public const string Number = "number";
    public const string Kind = "kind";
    public const string Types = "types";
    public const string Name = "name";
    public const string Title = "title";
    public const string FirstName = "firstName";
    public const string BirthDate = "birthDate";
    public const string Function = "function";
    public const string AdministrativeNumber = "administrativeNumber";
    public const string Nature = "nature";
    public const string Mobile = "mobile";
    public const string Phone = "phone";
    public const string Fax = "fax";
    public const string Iban = "iban";
    public const string ReferenceCode = "referenceCode";
    public const string Ambassador = "ambassador";
    public const string NotValid = "notValid";
    public const string Tags = "tags";
    public const string Criteria = "criteria";
    public const string Structure = "structure";
    public const string Relation = "relation";
    public const string ConsentEmail = "consentEmail";
    public const string ConsentSms = "consentSms";
    public const string ConsentPhone = "consentPhone";
    public const string ConsentPost = "consentPost";
    public const string ConsentCategory = "consentCategory";
    public const string ConsentAt = "consentAt";
    public const string ConsentWhere = "consentWhere";
    public const string ConsentWording = "consentWording";

    /// <summary>An address's parts: <c>line1</c>, <c>deliveryLine1</c>, <c>billingLine1</c>.</summary>
    private static readonly ImmutableArray<(string Part, string Synonyms)> AddressParts =
    [
        ("line1", "adresse|adresse 1|adresse1|adresse ligne 1|rue|voie|numero et rue|n et rue|address|address 1|address line 1|street|street address"),
        ("line2", "adresse 2|adresse2|adresse ligne 2|complement|complement d adresse|complement adresse|address 2|address line 2"),
        ("line3", "adresse 3|adresse3|adresse ligne 3|lieu dit|address 3|address line 3"),
        ("postcode", "code postal|cp|codepostal|code|zip|zip code|postcode|postal code"),
        ("city", "ville|commune|localite|city|town|locality"),
        ("department", "departement|county"),
        ("region", "region|state|province"),
        ("country", "pays|country"),
    ];

    /// <summary>The same on all lines where no column has it.</summary>
    public static readonly ImmutableArray<string> Fixable = [Kind, Relation, ConsentCategory, ConsentAt, ConsentWhere, ConsentWording, Tags, ImportFields.Language, "country"];

    public static readonly ImmutableArray<(string Field, ConsentChannel Channel)> Consents =
        [(ConsentEmail, ConsentChannel.Email), (ConsentSms, ConsentChannel.Sms), (ConsentPhone, ConsentChannel.Phone), (ConsentPost, ConsentChannel.Post)];

    internal static readonly ImmutableArray<TargetField> All =
    [
        Of(Name, "nom|nom de famille|nom usuel|patronyme|raison sociale|denomination|surname|last name|family name|lastname") with { IsRequired = true },
        Of(FirstName, "prenom|prenoms|first name|given name|forename|firstname"),
        Of(Title, "civilite|titre|titre de civilite|salutation|title|mr mrs"),
        Of(Kind, "type|type de contact|nature du contact|individu ou structure|kind|contact type"),
        new TargetField(BirthDate, FieldKind.Date, false, Folded(BirthDate, "date de naissance|naissance|ne le|nee le|ne e le|anniversaire|birth date|date of birth|birthday|dob|born")),
        Several(ImportFields.Email, 1_500, "email|e mail|mail|courriel|adresse mail|adresse email|adresse e mail|adresse electronique|emails|e mails|email address|e mail address|e mail 1|email 1|e mail 1 value|e mail 2|email 2|e mail 2 value"),
        Of(Mobile, "portable|mobile|telephone portable|tel portable|tel mobile|telephone mobile|gsm|cell|cell phone|mobile phone"),
        Of(Phone, "telephone|tel|tel fixe|telephone fixe|fixe|phone|telephone number|phone number|home phone|business phone|phone 1 value"),
        Of(Fax, "fax|telecopie|business fax"),
        .. AddressParts.Select(part => Of(part.Part, part.Synonyms)),
        Of(Structure, "structure|societe|entreprise|organisme|organisation|employeur|etablissement|nom de la structure|company|organization|organisation name|organization name|organization 1 name|employer"),
        Of(Relation, "relation|lien|role dans la structure|relation to the structure"),
        Of(Function, "fonction|poste|profession|metier|job title|function|position|job"),
        Of(Nature, "nature|nature de la structure|categorie de structure|nature of the structure"),
        Of(AdministrativeNumber, "siret|siren|rna|numero administratif|n siret|numero siret|tva|numero de tva|uai|administrative number|vat number|registration number"),
        Of(ImportFields.Language, "langue|langue de communication|language|lang|locale"),
        Several(Tags, 2_100, "etiquette|etiquettes|tag|tags|mots cles|mot cle|categories|groupes|labels|label|keywords|group membership"),
        Several(Criteria, 2_000, "critere|criteres|criterion|criteria|segment|segments"),
        Of(ImportFields.Note, "note|notes|remarque|remarques|commentaire|commentaires|observation|observations|comment|comments|remarks", ContactRules.LongestNote),
        Of(Types, "types|types de contact|role|roles"),
        Of(Number, "numero|n|no|numero de contact|n contact|numero contact|contact number|number"),
        Of(ReferenceCode, "reference|ref|code reference|code client|identifiant|id|id externe|reference code|customer code|external id|client id"),
        Of(Iban, "iban|compte bancaire|bank account"),
        Of(Ambassador, "ambassadeur|ambassadrice|ambassador"),
        Of(NotValid, "non valide|invalide|npai|not valid|invalid"),
        Of(ConsentEmail, "consentement email|consentement e mail|newsletter|optin email|opt in email|accepte les emails|email consent|consent email|email opt in"),
        Of(ConsentSms, "consentement sms|optin sms|opt in sms|sms consent|consent sms"),
        Of(ConsentPhone, "consentement telephone|optin telephone|phone consent|consent phone"),
        Of(ConsentPost, "consentement courrier|consentement postal|optin courrier|post consent|mail consent|consent post"),
        Of(ConsentCategory, "categorie de consentement|objet du consentement|consent category"),
        Of(ConsentAt, "date de consentement|date du consentement|consenti le|consent date|date of consent"),
        Of(ConsentWhere, "lieu du consentement|origine du consentement|recueilli par|consent source|where consented"),
        Of(ConsentWording, "texte du consentement|formule de consentement|consent wording", ContactRules.LongestWording),
        .. AddressParts.Select(part => Of(PartOf(AddressKind.Delivery, part.Part), Qualified(part.Synonyms, "livraison|de livraison|delivery|shipping"))),
        .. AddressParts.Select(part => Of(PartOf(AddressKind.Billing, part.Part), Qualified(part.Synonyms, "facturation|de facturation|billing|invoice"))),
    ];

    /// <summary>The field of a part (<c>line1</c>, <c>postcode</c>…) of one of the three addresses.</summary>
    internal static string PartOf(AddressKind kind, string part) => kind switch
    {
        AddressKind.Delivery => $"delivery{char.ToUpperInvariant(part[0])}{part[1..]}",
        AddressKind.Billing => $"billing{char.ToUpperInvariant(part[0])}{part[1..]}",
        _ => part,
    };

    /// <summary>The field that a refusal of <see cref="ContactRules"/> is about: <c>emails[1]</c> is the e-mail, <c>addresses[0].city</c> the city.</summary>
    /// <param name="kinds">Of the addresses, in their order.</param>
    internal static string FieldOf(string? refused, ImmutableArray<AddressKind> kinds)
    {
        if (string.IsNullOrEmpty(refused)) return "";
        if (refused.StartsWith("emails", StringComparison.Ordinal)) return ImportFields.Email;
        if (!refused.StartsWith("addresses", StringComparison.Ordinal)) return refused;
        var (open, end) = (refused.IndexOf('[', StringComparison.Ordinal), refused.IndexOf("].", StringComparison.Ordinal));
        return open > 0 && end > open && int.TryParse(refused.AsSpan(open + 1, end - open - 1), out var index) && index < kinds.Length ? PartOf(kinds[index], refused[(end + 2)..]) : "line1";
    }

    private static TargetField Of(string name, string synonyms, int longest = MappedLines.LongestText) =>
        new(name, FieldKind.Text, false, Folded(name, synonyms)) { LongestText = longest };

    private static TargetField Several(string name, int longest, string synonyms) => Of(name, synonyms, longest) with { Repeats = true };

    private static ImmutableArray<string> Folded(string name, string synonyms) => [Words.FoldHeader(name), .. synonyms.Split('|')];

    private static string Qualified(string synonyms, string words) =>
        string.Join('|', synonyms.Split('|').SelectMany(_ => words.Split('|'), (synonym, word) => $"{synonym} {word}").Concat(synonyms.Split('|').SelectMany(_ => words.Split('|'), (synonym, word) => $"{word} {synonym}")));
}
