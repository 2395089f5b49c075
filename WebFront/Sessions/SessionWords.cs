using Guichet.Components;
using Guichet.Tallies;
using Guichet.Words;

namespace Guichet.Sessions;

/// <summary>The words of sessions and tallies, in the reader's language.</summary>
internal static class SessionWords
{
    public static string Word(this Reader reader, SessionStatus status) => status switch
    {
        SessionStatus.Draft => reader.T("Brouillon", "Draft"),
        SessionStatus.OnSale => reader.T("En vente", "On sale"),
        SessionStatus.Closed => reader.T("Clôturée", "Closed"),
        _ => reader.T("Annulée", "Cancelled"),
    };

    public static Tone ToneOf(SessionStatus status) => status switch
    {
        SessionStatus.OnSale => Tone.Good,
        SessionStatus.Cancelled => Tone.Bad,
        SessionStatus.Closed => Tone.Neutral,
        _ => Tone.Muted,
    };

    public static string IconOf(SessionStatus status) => status switch
    {
        SessionStatus.OnSale => "circle-check",
        SessionStatus.Cancelled => "ban",
        SessionStatus.Closed => "lock",
        _ => "circle-dashed",
    };

    /// <summary>Where a figure came from: <c>fichier fnac-2411.csv</c>, <c>saisie</c>.</summary>
    public static string Source(this Reader reader, TallySource source, string? name) => (source, name) switch
    {
        (TallySource.File, { } file) => reader.T($"fichier {file}", $"file {file}"),
        (TallySource.File, _) => reader.T("fichier", "file"),
        (TallySource.Api, { } token) => reader.T($"API, jeton {token}", $"API, token {token}"),
        (TallySource.Api, _) => "API",
        (TallySource.OwnSales, _) => reader.T("ventes propres", "own sales"),
        (TallySource.Link, { } sender) => reader.T($"liaison avec {sender}", $"link with {sender}"),
        (TallySource.Link, _) => reader.T("liaison", "link"),
        _ => reader.T("saisie", "typed"),
    };

    public static string IconOf(TallySource source) => source switch
    {
        TallySource.File => "file-spreadsheet",
        TallySource.Api => "plug-connected",
        TallySource.OwnSales => "receipt",
        TallySource.Link => "arrows-exchange",
        _ => "keyboard",
    };

    public static string Word(this Reader reader, AttentionReason reason) => reason switch
    {
        AttentionReason.NoTally => reader.T("Sans pointage depuis deux jours", "No tally for two days"),
        AttentionReason.OverCapacity => reader.T("Au-delà de la jauge", "Over capacity"),
        AttentionReason.LinkSuspended => reader.T("Liaison suspendue", "Link suspended"),
        _ => reader.T("Jouée, encore en vente", "Played, still on sale"),
    };

    /// <summary>The lag or the state of a session's incoming link as the live badge shows it.</summary>
    public static LiveState LiveStateOf(ConnectionState state, bool hasReceived) => state switch
    {
        ConnectionState.Live when hasReceived => LiveState.Live,
        ConnectionState.Live => LiveState.Waiting,
        ConnectionState.Suspended => LiveState.Suspended,
        _ => LiveState.Ended,
    };
}
