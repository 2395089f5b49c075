using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Guichet.Imports;

public enum FieldKind
{
    Text = 0,

    /// <summary>A date, with or without a time.</summary>
    Date = 1,
    Time = 2,

    /// <summary>A whole number of places.</summary>
    Count = 3,

    /// <summary>An amount in the session's currency.</summary>
    Money = 4,
}

/// <summary>Something that a column of a file can feed.</summary>
/// <param name="Name">Stable: mappings are stored with it, screens make a label of it.</param>
/// <param name="IsRequired">Some column or constant must feed it.</param>
/// <param name="Synonyms">Headers that mean it, folded (<see cref="Words.FoldHeader"/>).</param>
public sealed record TargetField(string Name, FieldKind Kind, bool IsRequired, ImmutableArray<string> Synonyms)
{
    /// <summary>Characters that a text may have.</summary>
    public int LongestText { get; init; } = MappedLines.LongestText;

    /// <summary>Several columns may feed it, each with its own values.</summary>
    public bool Repeats { get; init; }

    /// <summary>Counted by category, tariff and channel: a wide file has several columns of it.</summary>
    public bool IsMeasure => Kind is FieldKind.Count or FieldKind.Money;
}

/// <summary>The fields of each kind of import, with the headers they go by in French and English.</summary>
public static class ImportFields
{
    public const string Session = "session";
    public const string Show = "show";
    public const string Subtitle = "subtitle";
    public const string Producer = "producer";
    public const string Genre = "genre";
    public const string Series = "series";
    public const string Date = "date";
    public const string Time = "time";
    public const string Place = "place";
    public const string Category = "category";
    public const string Capacity = "capacity";
    public const string Tariff = "tariff";
    public const string Price = "price";
    public const string Channel = "channel";
    public const string Sold = "sold";
    public const string Reserved = "reserved";
    public const string Free = "free";
    public const string Gross = "gross";

    public const string Partner = "partner";
    public const string Email = "email";
    public const string Cc = "cc";
    public const string Contact = "contact";
    public const string Group = "group";
    public const string Language = "language";
    public const string Note = "note";

    /// <summary>The axes of a tally, whose names a wide file's headers may hold.</summary>
    public static readonly ImmutableArray<string> Axes = [Category, Tariff, Channel];

    private static readonly TargetField SessionField = Of(Session, FieldKind.Text, "identifiant|id|id seance|code seance|ref seance|reference seance|session|session id|performance id");
    private static readonly TargetField ShowField = Of(Show, FieldKind.Text,
        "titre|spectacle|nom du spectacle|evenement|manifestation|oeuvre|piece|concert|artiste|intitule|libelle|representation|show|show title|title|event|event name|production|artist|seance");
    private static readonly TargetField DateField = Of(Date, FieldKind.Date,
        "date|jour|date seance|date de la seance|date representation|date de representation|date spectacle|date et heure|date heure|quand|day|when|start|event date|session date|performance date|date time|date and time|datetime|seance|performance");
    private static readonly TargetField TimeField = Of(Time, FieldKind.Time, "heure|horaire|heure debut|heure de debut|heure seance|h|time|start time|hour|curtain|curtain up");
    private static readonly TargetField PlaceField = Of(Place, FieldKind.Text, "lieu|salle|theatre|nom de la salle|lieu de representation|place|venue|hall|site|location|room");
    private static readonly TargetField CategoryField = Of(Category, FieldKind.Text, "categorie|categories|cat|zone|carre|category|price category|seat category|area|section|price zone");
    private static readonly TargetField TariffField = Of(Tariff, FieldKind.Text, "tarif|tarifs|nom du tarif|libelle tarif|type de tarif|type tarif|tariff|rate|price type|ticket type|type de billet|concession");
    private static readonly TargetField ChannelField = Of(Channel, FieldKind.Text, "reseau|reseaux|canal|canal de vente|reseau de vente|point de vente|distributeur|billetterie|channel|sales channel|outlet|distributor|agent");

    private static readonly ImmutableArray<TargetField> SeasonFields =
    [
        SessionField,
        ShowField with { IsRequired = true },
        Of(Subtitle, FieldKind.Text, "sous titre|subtitle"),
        Of(Producer, FieldKind.Text, "producteur|producer|promoteur|promoter|compagnie|company|tourneur"),
        Of(Genre, FieldKind.Text, "genre|discipline|type de spectacle|style"),
        Of(Series, FieldKind.Text, "serie|cycle|tournee|series|run|tour"),
        DateField with { IsRequired = true },
        TimeField,
        PlaceField with { IsRequired = true },
        CategoryField with { IsRequired = true },
        Of(Capacity, FieldKind.Count, "jauge|capacite|nb de places|nombre de places|places|contingent|quota|capacity|seats|allocation|allotment") with { IsRequired = true },
        TariffField with { IsRequired = true },
        Of(Price, FieldKind.Money, "prix|prix ttc|prix unitaire|prix de vente|montant|price|ticket price|face value|unit price|amount") with { IsRequired = true },
        ChannelField with { IsRequired = true },
    ];

    private static readonly ImmutableArray<TargetField> TallyFields =
    [
        SessionField,
        ShowField,
        DateField,
        TimeField,
        PlaceField,
        CategoryField with { IsRequired = true },
        TariffField with { IsRequired = true },
        ChannelField with { IsRequired = true },
        Of(Sold, FieldKind.Count,
            "vendus|vendu|ventes|vente|billets|billets vendus|places vendues|places|payants|payant|nb|nb billets|nb places|nb vendus|nombre|nombre de billets|quantite|qte|sold|tickets|tickets sold|sales|qty|quantity|count|paid") with { IsRequired = true },
        Of(Reserved, FieldKind.Count, "reserves|reserve|reservations|reservation|options|option|en option|poses|reserved|held|holds|hold|on hold"),
        Of(Free, FieldKind.Count, "invitations|invitation|invites|exoneres|exonere|exo|gratuits|gratuit|free|comps|comp|complimentary|guests"),
        Of(Gross, FieldKind.Money,
            "ca|ca ttc|chiffre d affaires|recette|recettes|recette ttc|recette brute|montant|montant ttc|total ttc|ttc|valeur|euros|€|gross|gross revenue|gross sales|revenue|amount|value|total value|takings"),
    ];

    /// <summary>As many addresses as a partner has, each with a name.</summary>
    private const int LongestAddresses = 9_000;

    private static readonly ImmutableArray<TargetField> PartnerFields =
    [
        Of(Partner, FieldKind.Text,
            "nom|raison sociale|partenaire|nom du partenaire|structure|societe|organisme|organisation|salle|agence|producteur|nom de la structure|libelle|name|partner|partner name|company|company name|organization|venue|agency|producer|account") with { IsRequired = true },
        Of(Email, FieldKind.Text,
            "email|e mail|mail|courriel|adresse mail|adresse email|adresse e mail|adresses mail|adresses|adresse electronique|emails|e mails|mails|destinataire|destinataires|a|to|email address|e mail address|email addresses|recipient|recipients") with { IsRequired = true, LongestText = LongestAddresses },
        Of(Cc, FieldKind.Text, "cc|copie|en copie|copies|copie a|email copie|copy|carbon copy|cc email") with { LongestText = LongestAddresses },
        Of(Contact, FieldKind.Text, "contact|nom du contact|interlocuteur|personne|prenom nom|prenom et nom|referent|contact name|person|full name|contact person"),
        Of(Group, FieldKind.Text, "groupe|type|categorie|nature|role|group|kind|category|partner type"),
        Of(Language, FieldKind.Text, "langue|language|locale|lang"),
        Of(Note, FieldKind.Text, "note|notes|remarque|remarques|commentaire|commentaires|observation|observations|comment|comments|remarks") with { LongestText = Partners.PartnerRules.LongestNote },
    ];

    private static readonly FrozenDictionary<string, TargetField> ByName =
        SeasonFields.Concat(TallyFields).Concat(PartnerFields).Concat(ContactFields.All).DistinctBy(field => field.Name).ToFrozenDictionary(field => field.Name);

    public static ImmutableArray<TargetField> Of(ImportKind kind) => kind switch
    {
        ImportKind.Season => SeasonFields,
        ImportKind.Tallies => TallyFields,
        ImportKind.Contacts => ContactFields.All,
        _ => PartnerFields,
    };

    /// <summary>The field of a kind of import that goes by this name; null when it has none.</summary>
    public static TargetField? Find(ImportKind kind, string name) => Of(kind).FirstOrDefault(field => field.Name == name);

    internal static FieldKind KindOf(string name) => ByName[name].Kind;

    /// <summary>What a column that only names a category, tariff or channel is about.</summary>
    internal static string DefaultMeasure(ImportKind kind, bool hasTariff) =>
        kind == ImportKind.Tallies ? Sold : hasTariff ? Price : Capacity;

    /// <summary>The axis that the rest of a header such as <c>Jauge Carré or</c> names; null when it can't be told.</summary>
    internal static string? AxisOf(string measure) => measure switch { Capacity => Category, Price or Tariff => Tariff, _ => null };

    private static TargetField Of(string name, FieldKind kind, string synonyms) => new(name, kind, false, [.. synonyms.Split('|')]);
}
