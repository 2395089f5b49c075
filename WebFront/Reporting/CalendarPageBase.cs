using System.Globalization;
using Guichet.Components;
using Guichet.Partners;
using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Components;

namespace Guichet.Reporting;

/// <summary>What a partner's reports go by.</summary>
public enum CalendarFollows
{
    /// <summary>Its group's calendar, whatever becomes of it.</summary>
    Group = 0,
    Own = 1,

    /// <summary>A calendar of its own that is off: its group's doesn't count for it either.</summary>
    ByHand = 2,
}

/// <summary>A page that sets one calendar: a group's, or a partner's own.</summary>
public abstract class CalendarPageBase : ActingPage
{
    public const string FollowsField = "follows";

    [Inject]
    public ReportCalendars Calendars { get; set; } = default!;

    protected FormErrors Errors { get; } = [];

    protected string CalendarId { get; private set; } = "";

    /// <summary>Null when there never was one.</summary>
    protected ReportCalendarView? Saved { get; private set; }

    protected CalendarForm Form { get; set; } = default!;

    protected long BasedOn { get; private set; }

    /// <summary>Someone else set it between the form and its sending.</summary>
    protected bool Changed { get; private set; }

    protected DateTimeOffset Now { get; private set; }

    /// <summary>What would leave, as the form stands.</summary>
    protected ReportCalendarDetails? Preview { get; set; }

    /// <summary>Why that can't be told.</summary>
    protected IReadOnlyList<string> Refused { get; private set; } = [];

    protected async Task Load(string id, ReportCalendarDetails? otherwise)
    {
        (CalendarId, Now) = (id, Time.GetUtcNow());
        Saved = await Grain<IReportCalendarGrain>(id).View();
        BasedOn = Saved?.Revision ?? 0;
        Form = (Saved?.Details ?? otherwise) is { } details ? CalendarForm.Of(details) : CalendarForm.Blank(Formats.Zone.Id, Formats.Today);
        Preview = Saved?.Details;
    }

    protected Task<ReportCalendarView?> OfGroup(PartnerGroup group) => Grain<IReportCalendarGrain>(ReportCalendarId.Of(group)).View();

    /// <summary>What the other who was quicker left there.</summary>
    protected string NowSays => Saved?.Details is { } details ? Formats.Quote(Reader.Sentence(details)) : T("aucun calendrier", "no calendar");

    /// <summary>Reads what was sent. True where it is to be acted on; else it was for its preview, or for one more row.</summary>
    protected bool Read()
    {
        Form = CalendarForm.Read(Posted);
        if (long.TryParse(Posted["based-on"], NumberStyles.None, CultureInfo.InvariantCulture, out var revision)) BasedOn = revision;
        return Posted["do"] != "preview" && Posted["do"] != "rows";
    }

    /// <summary>What the form says; null, and its preview says why, where it can't be a calendar.</summary>
    protected ReportCalendarDetails? Check(out System.Collections.Immutable.ImmutableArray<Refusal> refusals)
    {
        (var details, refusals) = Form.Checked(Now);
        Refused = [.. refusals.Select(refusal => RefusalSentences.Of(refusal, Formats))];
        return Preview = refusals.IsEmpty ? details : null;
    }

    protected async Task Set(ReportCalendarDetails details, string back) => Answer(
        await Time.Send(() => Grain<IReportCalendarGrain>(CalendarId).Set(new SetReportCalendar(details, BasedOn) { Id = PostedCommand, By = Actor })), back,
        !details.Enabled ? T("C’est enregistré : rien ne part tout seul.", "Saved: nothing leaves by itself.")
        : ReportDates.Next(details, Now, 1) is [var next] ? T($"Calendrier enregistré. Prochain envoi : {Reader.When(details.Zone, next.At)}.", $"Calendar saved. Next sending: {Reader.When(details.Zone, next.At)}.")
        : T("Calendrier enregistré.", "Calendar saved."));

    protected async Task Remove(string back, string said) => Answer(
        await Time.Send(() => Grain<IReportCalendarGrain>(CalendarId).Remove(new RemoveReportCalendar(BasedOn) { Id = PostedCommand, By = Actor })), back, said);

    protected void Refuse(IEnumerable<Refusal> refusals)
    {
        Errors.Add(refusals, Formats);
        Errors.Arrange(CalendarForm.Order);
        ShowAgain();
    }

    protected void Leave(string back, string said)
    {
        Flash.Leave(Http!, Tone.Good, said);
        Navigation.NavigateTo(back);
    }

    private void Answer(Outcome<Done> outcome, string back, string said)
    {
        if (!outcome.IsRefused)
        {
            Leave(back, said);
            return;
        }
        Changed = outcome.Refusals.Any(refusal => refusal.Code == "changed-meanwhile");
        if (Changed)
        {
            BasedOn = Saved?.Revision ?? 0;
            ShowAgain();
            return;
        }
        Refuse(outcome.Refusals);
    }
}
