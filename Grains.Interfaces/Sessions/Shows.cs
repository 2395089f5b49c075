namespace Guichet.Sessions;

/// <param name="Title">1 to 200 characters.</param>
/// <param name="Producer">Who produces it, as it is printed; may be empty.</param>
[GenerateSerializer, Immutable, Alias("show-details")]
public sealed record ShowDetails(string Title, string? Subtitle, string? Producer, string? Genre);

[GenerateSerializer, Immutable, Alias("create-show")]
public sealed record CreateShow(ShowDetails Details) : Command;

[GenerateSerializer, Immutable, Alias("change-show")]
public sealed record ChangeShow(ShowDetails Details, long BasedOn) : Command;

[GenerateSerializer, Immutable, Alias("archive-show")]
public sealed record ArchiveShow(bool Archived) : Command;

[GenerateSerializer, Immutable, Alias("show-view")]
public sealed record ShowView(string Organisation, string Id, long Revision, ShowDetails Details, bool Archived);

/// <summary>What is played.</summary>
[Alias("show-grain")]
public interface IShowGrain : IGrainWithStringKey
{
    [Requires(Role.Reader), Orleans.Concurrency.ReadOnly]
    Task<ShowView?> View();

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Create(CreateShow command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Change(ChangeShow command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Archive(ArchiveShow command);
}

[GenerateSerializer, Immutable, Alias("create-series")]
public sealed record CreateSeries(string ShowId, string Name) : Command;

[GenerateSerializer, Immutable, Alias("rename-series")]
public sealed record RenameSeries(string Name) : Command;

/// <summary>Puts every session of the series that is a draft on sale. The series decides it once; each session does it by itself, also after a crash.</summary>
[GenerateSerializer, Immutable, Alias("put-series-on-sale")]
public sealed record PutSeriesOnSale(System.Collections.Immutable.ImmutableArray<string> Sessions) : Command;

[GenerateSerializer, Immutable, Alias("series-view")]
public sealed record SeriesView(string Organisation, string Id, long Revision, string ShowId, string Name);

/// <summary>Several sessions sold as one.</summary>
[Alias("series-grain")]
public interface ISeriesGrain : IGrainWithStringKey
{
    [Requires(Role.Reader), Orleans.Concurrency.ReadOnly]
    Task<SeriesView?> View();

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Create(CreateSeries command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Rename(RenameSeries command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> PutOnSale(PutSeriesOnSale command);
}
