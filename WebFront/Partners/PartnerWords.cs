using Guichet.Components;
using Guichet.Words;

namespace Guichet.Partners;

/// <summary>The words of partners and their envelopes, in the reader's language.</summary>
internal static class PartnerWords
{
    public static string Word(this Reader reader, PartnerGroup group) => group switch
    {
        PartnerGroup.Agents => reader.T("Agent", "Agent"),
        PartnerGroup.Venues => reader.T("Lieu", "Venue"),
        _ => reader.T("Partenaire", "Partner"),
    };

    public static string Many(this Reader reader, PartnerGroup group) => group switch
    {
        PartnerGroup.Agents => reader.T("Agents", "Agents"),
        PartnerGroup.Venues => reader.T("Lieux", "Venues"),
        _ => reader.T("Partenaires", "Partners"),
    };

    public static string Word(this Reader reader, Organisations.Language language) =>
        language == Organisations.Language.English ? reader.T("anglais", "English") : reader.T("français", "French");

    public static string Word(this Reader reader, EnvelopeState state) => state switch
    {
        EnvelopeState.Red => reader.T("À envoyer", "To send"),
        EnvelopeState.Green => reader.T("À jour", "Up to date"),
        _ => reader.T("Rien à envoyer", "Nothing to send"),
    };

    public static Tone ToneOf(EnvelopeState state) => state switch
    {
        EnvelopeState.Red => Tone.Bad,
        EnvelopeState.Green => Tone.Good,
        _ => Tone.Muted,
    };

    public static string IconOf(EnvelopeState state) => state switch
    {
        EnvelopeState.Red => "mail-exclamation",
        EnvelopeState.Green => "mail-check",
        _ => "mail-off",
    };

    /// <summary>Why an envelope has its colour, as a sentence.</summary>
    public static string Reason(this Reader reader, Envelope envelope)
    {
        var formats = reader.Formats;
        var onSale = formats.Count(envelope.OnSale, "séance en vente", "séances en vente", "session on sale", "sessions on sale");
        return envelope.Reason switch
        {
            EnvelopeReason.Archived => reader.T("Archivé : il ne reçoit rien.", "Archived: it receives nothing."),
            EnvelopeReason.NothingAssociated => reader.T("Associé à aucune séance : il ne reçoit rien.", "Associated with no session: it receives nothing."),
            EnvelopeReason.NothingOnSale => reader.T("Aucune de ses séances n’est en vente.", "None of its sessions is on sale."),
            EnvelopeReason.NothingValidated => reader.T($"{onSale}, sans pointage validé pour l’instant.", $"{onSale}, without a validated tally so far."),
            EnvelopeReason.LastRefused => reader.T(
                $"Le dernier rapport n’a été remis à personne{Said(reader, envelope)}.", $"The last report was delivered to nobody{Said(reader, envelope)}."),
            EnvelopeReason.LastBounced => reader.T($"Le dernier rapport est revenu{Said(reader, envelope)}.", $"The last report came back{Said(reader, envelope)}."),
            EnvelopeReason.NeverReported => reader.T(
                $"{formats.Count(envelope.Behind, "séance pointée", "séances pointées", "", "")}, et aucun rapport envoyé.",
                $"{formats.Count(envelope.Behind, "", "", "session", "sessions")} tallied, and no report sent yet."),
            EnvelopeReason.NewFigures => reader.T(
                $"{formats.Count(envelope.Behind, "séance a", "séances ont", "", "")} des chiffres validés depuis le dernier rapport{Last(reader, envelope)}.",
                $"{formats.Count(envelope.Behind, "", "", "session has", "sessions have")} figures validated since the last report{Last(reader, envelope)}."),
            _ => reader.T($"Dernier rapport{Last(reader, envelope)} : rien de nouveau depuis.", $"Last report{Last(reader, envelope)}: nothing new since."),
        };
    }

    private static string Said(Reader reader, Envelope envelope) => envelope.Failure is { } said ? $"{reader.T("\u00A0: ", ": ")}{reader.Formats.Quote(said.TrimEnd('.'))}" : "";

    private static string Last(Reader reader, Envelope envelope) => envelope.ReportedAt is { } at ? $" ({reader.Formats.DateTimeShort(at)})" : "";

    /// <summary>Still paused today: until when; null when it isn't.</summary>
    public static string? Paused(this Reader reader, PartnerPause? pause) => pause is null || !pause.LastsOn(reader.Formats.Today) ? null
        : pause.Until is { } until ? reader.T($"en pause jusqu’au {reader.Formats.DateShort(until)}", $"paused until {reader.Formats.DateShort(until)}")
        : reader.T("en pause", "paused");

    /// <summary>A session to pick, as one tells it from others.</summary>
    public static string Shown(this Reader reader, Choice choice) =>
        choice.Start is { } start ? $"{choice.Name}, {reader.Formats.DateTimeShort(start)}" : choice.Name;
}
