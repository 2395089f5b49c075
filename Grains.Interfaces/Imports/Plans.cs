using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Guichet.Partners;
using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Imports;

public enum PlannedAction
{
    Create = 0,
    Change = 1,

    /// <summary>The file says what is there already.</summary>
    Nothing = 2,
}

/// <summary>A show that a season brings.</summary>
[GenerateSerializer, Immutable, Alias("planned-show")]
public sealed record PlannedShow(string Id, ShowDetails Details, int Line);

/// <summary>A series that a season brings.</summary>
[GenerateSerializer, Immutable, Alias("planned-series")]
public sealed record PlannedSeries(string Id, string ShowId, string Name, int Line);

/// <summary>One difference between what a session is and what the file says.</summary>
/// <param name="Field">One of <c>ImportFields</c>'s names.</param>
/// <param name="Name">The category, tariff or channel concerned; empty for the session's own.</param>
/// <param name="Before">Empty when it is new.</param>
[GenerateSerializer, Immutable, Alias("planned-change")]
public sealed record PlannedChange(string Field, string Name, string Before, string After);

/// <param name="BasedOn">The revision that a change was made on.</param>
/// <param name="Details">Whole, as <see cref="CreateSession"/> and <see cref="ChangeSession"/> take it.</param>
/// <param name="TimeIsRepeated">The local time happens twice that night; the first is meant.</param>
/// <param name="Line">The first line about it.</param>
[GenerateSerializer, Immutable, Alias("planned-session")]
public sealed record PlannedSession(
    PlannedAction Action, string Id, long BasedOn, string Title, SessionDetails Details,
    ImmutableArray<PlannedChange> Changes, bool TimeIsRepeated, int Line);

/// <summary>What a file of a season does once it is accepted.</summary>
/// <param name="Shows">Only those to be made; likewise the series.</param>
/// <param name="Sessions">Every session of the file, in its order.</param>
/// <param name="Lines">How many lines were read, without those left out.</param>
/// <param name="LinesLeftOut">Lines of totals.</param>
[GenerateSerializer, Immutable, Alias("season-plan")]
public sealed record SeasonPlan(
    ImmutableArray<PlannedShow> Shows, ImmutableArray<PlannedSeries> Series, ImmutableArray<PlannedSession> Sessions,
    int Lines, ImmutableArray<int> LinesLeftOut)
{
    public int Count(PlannedAction action) => Sessions.Count(session => session.Action == action);

    /// <summary>Places of all sessions of the file.</summary>
    [JsonIgnore] public long Capacity => Sessions.Sum(session => session.Details.Categories.Sum(category => (long)category.Capacity));
}

/// <param name="Taken">Sold and free.</param>
[GenerateSerializer, Immutable, Alias("over-capacity")]
public sealed record OverCapacity(string Category, int Taken, int Capacity);

/// <summary>One session's tally as the file says it.</summary>
/// <param name="Lines">The whole tally, as <see cref="ValidateTally"/> takes it: with <see cref="TallyScope.ItsChannels"/>, the other channels' lines are in it too.</param>
/// <param name="Before">The current version's totals; null before the first.</param>
/// <param name="IsDrop">Sold falls by more than 10 %: its validation must be confirmed.</param>
/// <param name="NewChannels">Channels that the session doesn't have yet, added to it before the tally.</param>
/// <param name="BasedOnRevision">The session's revision that <paramref name="NewChannels"/> are added to.</param>
[GenerateSerializer, Immutable, Alias("planned-tally")]
public sealed record PlannedTally(
    string SessionId, string Title, DateTime LocalStart, string Place, string Currency,
    ImmutableArray<TallyLine> Lines, TallyFigures After, TallyFigures? Before, int BasedOnVersion,
    bool IsDrop, ImmutableArray<OverCapacity> Over, ImmutableArray<Channel> NewChannels, long BasedOnRevision, int FileLine)
{
    [JsonIgnore] public bool NeedsConfirmation => IsDrop || !Over.IsEmpty;
}

/// <summary>What a file of tallies does once it is accepted.</summary>
[GenerateSerializer, Immutable, Alias("tally-plan")]
public sealed record TallyPlan(ImmutableArray<PlannedTally> Tallies, int Lines, ImmutableArray<int> LinesLeftOut)
{
    [JsonIgnore] public long Sold => Tallies.Sum(tally => (long)tally.After.Sold);
}

/// <param name="BasedOn">The revision that a change was made on.</param>
/// <param name="Details">Whole, as <see cref="CreatePartner"/> and <see cref="ChangePartner"/> take it.</param>
/// <param name="Line">The first line about it.</param>
[GenerateSerializer, Immutable, Alias("planned-partner")]
public sealed record PlannedPartner(
    PlannedAction Action, string Id, long BasedOn, PartnerDetails Details, ImmutableArray<PlannedChange> Changes, int Line);

/// <summary>What a file of partners does once it is accepted.</summary>
/// <param name="Partners">Every partner of the file, in its order.</param>
[GenerateSerializer, Immutable, Alias("partners-plan")]
public sealed record PartnersPlan(ImmutableArray<PlannedPartner> Partners, int Lines, ImmutableArray<int> LinesLeftOut)
{
    public int Count(PlannedAction action) => Partners.Count(partner => partner.Action == action);

    [JsonIgnore] public int Addresses => Partners.Sum(partner => partner.Details.Addresses.Length);
}

/// <summary>What a file of contacts came to in its dry run.</summary>
/// <param name="Refused">Lines that are left out.</param>
/// <param name="Lines">Of the file, below its headers.</param>
[GenerateSerializer, Immutable, Alias("contacts-plan")]
public sealed record ContactsPlan(int Created, int Changed, int Unchanged, int Refused, int Lines);
