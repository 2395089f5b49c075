using Guichet.Components;
using Guichet.Words;

namespace Guichet.Reporting;

/// <summary>The words of reports and what becomes of them, in the reader's language.</summary>
internal static class ReportWords
{
    public static string Word(this Reader reader, ReportMailState state) => state switch
    {
        ReportMailState.Queued => reader.T("en attente", "queued"),
        ReportMailState.Sending => reader.T("envoi en cours", "being sent"),
        ReportMailState.HandedOver => reader.T("remis", "handed over"),
        ReportMailState.Failed => reader.T("échec, nouvel essai prévu", "failed, will be tried again"),
        ReportMailState.GaveUp => reader.T("pas remis", "not delivered"),
        ReportMailState.InDoubt => reader.T("incertain", "in doubt"),
        ReportMailState.Bounced => reader.T("revenu", "bounced"),
        _ => reader.T("rien à dire", "nothing to tell"),
    };

    /// <summary>What a state means to whoever reads it.</summary>
    public static string Meaning(this Reader reader, ReportMailState state) => state switch
    {
        ReportMailState.Queued => reader.T("Part dès que possible.", "Leaves as soon as possible."),
        ReportMailState.Sending => reader.T("Le serveur est en train de le prendre.", "The server is taking it."),
        ReportMailState.HandedOver => reader.T("Le serveur de messagerie l’a pris en charge.", "The mail server has taken charge of it."),
        ReportMailState.Failed => reader.T("Le serveur ne l’a pas pris ; il est renvoyé tout seul pendant un jour.", "The server didn’t take it; it is sent again by itself for a day."),
        ReportMailState.GaveUp => reader.T("Refusé, ou resté un jour sans réponse. Corrigez l’adresse, puis renvoyez.", "Refused, or unanswered for a day. Correct the address, then resend."),
        ReportMailState.InDoubt => reader.T(
            "La liaison s’est rompue au dernier moment : il est peut-être parti. Il n’est pas renvoyé tout seul.",
            "The connection broke at the last moment: it may have left. It isn’t sent again by itself."),
        ReportMailState.Bounced => reader.T("Pris, puis renvoyé par un serveur plus loin. Vérifiez l’adresse.", "Taken, then sent back by a server further on. Check the address."),
        _ => reader.T("Il n’y avait rien à dire.", "There was nothing to tell."),
    };

    public static Tone ToneOf(ReportMailState state) => state switch
    {
        ReportMailState.HandedOver => Tone.Good,
        ReportMailState.Failed or ReportMailState.InDoubt => Tone.Warn,
        ReportMailState.GaveUp or ReportMailState.Bounced => Tone.Bad,
        ReportMailState.Sending => Tone.Info,
        ReportMailState.Skipped => Tone.Muted,
        _ => Tone.Neutral,
    };

    public static string IconOf(ReportMailState state) => state switch
    {
        ReportMailState.Queued => "hourglass",
        ReportMailState.Sending => "send",
        ReportMailState.HandedOver => "circle-check",
        ReportMailState.Failed => "refresh",
        ReportMailState.GaveUp => "circle-x",
        ReportMailState.InDoubt => "help-circle",
        ReportMailState.Bounced => "arrow-back-up",
        _ => "minus",
    };

    public static string Word(this Reader reader, ReportRunKind kind) => kind switch
    {
        ReportRunKind.Test => reader.T("Test", "Test"),
        ReportRunKind.Calendar => reader.T("Automatique", "Automatic"),
        _ => reader.T("À la main", "By hand"),
    };

    /// <summary>How it left, and by whom.</summary>
    public static string How(this Reader reader, ReportRunKind kind, string by) => kind == ReportRunKind.Calendar ? reader.Word(kind) : $"{reader.Word(kind)}, {by}";

    /// <summary>Why a partner got nothing.</summary>
    public static string Skip(this Reader reader, string why) => why switch
    {
        ReportSkips.Paused => reader.T("en pause", "paused"),
        ReportSkips.NoSession => reader.T("aucune séance à rapporter", "no session to report"),
        ReportSkips.Unchanged => reader.T("rien de nouveau depuis le dernier rapport", "nothing new since the last report"),
        ReportSkips.Over => reader.T("séances passées", "sessions over"),
        _ => why,
    };

    public static string Word(this Reader reader, ReportColumn column) => column.Name(reader.Language);

    public static string Word(this Reader reader, ReportBreakdown breakdown) => breakdown switch
    {
        ReportBreakdown.Category => reader.T("par catégorie", "by category"),
        ReportBreakdown.Tariff => reader.T("par tarif", "by price"),
        ReportBreakdown.Channel => reader.T("par réseau", "by channel"),
        _ => reader.T("aucun détail", "no detail"),
    };

    public static string Word(this Reader reader, ReportAttachment attachment) => attachment switch
    {
        ReportAttachment.Pdf => "PDF",
        ReportAttachment.Xlsx => reader.T("Excel (XLSX)", "Excel (XLSX)"),
        _ => "CSV",
    };
}
