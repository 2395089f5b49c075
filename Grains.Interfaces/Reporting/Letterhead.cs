using System.Collections.Immutable;

namespace Guichet.Reporting;

/// <summary>How the house's reports look and who they are from; one for the organisation.</summary>
/// <param name="Colour">Of headings and bars, <c>#rrggbb</c>: dark enough for white letters on it and for its own letters on white (WCAG, 4.5 : 1).</param>
/// <param name="SenderName">The name beside the installation's address; null for the organisation's. One line of at most 100 characters.</param>
/// <param name="ReplyTo">Where answers go; null for the address that reports come from.</param>
/// <param name="Footer">What the law or the house wants below: at most 1,000 characters, line ends kept.</param>
[GenerateSerializer, Immutable, Alias("letterhead-details")]
public sealed record LetterheadDetails(string Colour, string? SenderName, string? ReplyTo, string? Footer)
{
    public static readonly LetterheadDetails Default = new("#1f4e8c", null, null, null);
}

/// <summary>A picture that was taken; its bytes are in the table <c>letterhead_logos</c>.</summary>
/// <param name="Id">Made of its bytes: the same picture has the same.</param>
/// <param name="MediaType"><c>image/png</c> or <c>image/jpeg</c>, by its content.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">Likewise.</param>
/// <param name="Bytes">How large its file is.</param>
[GenerateSerializer, Immutable, Alias("logo")]
public sealed record Logo(string Id, string MediaType, int Width, int Height, int Bytes)
{
    /// <summary>1 MB: every mail carries it.</summary>
    public const int MostBytes = 1_000_000;

    /// <summary>Of either side, in pixels.</summary>
    public const int LongestSide = 4_000;
}

/// <param name="BasedOn">The revision that the form was filled from (0 where it was never saved).</param>
[GenerateSerializer, Immutable, Alias("change-letterhead")]
public sealed record ChangeLetterhead(LetterheadDetails Details, long BasedOn) : Command;

/// <param name="Image">A PNG or JPEG file, taken for what it contains, whatever it is called.</param>
[GenerateSerializer, Immutable, Alias("put-logo")]
public sealed record PutLogo(ImmutableArray<byte> Image) : Command;

[GenerateSerializer, Immutable, Alias("remove-logo")]
public sealed record RemoveLogo : Command;

/// <param name="Revision">Grows with every change of the details; 0 when nobody ever saved them.</param>
/// <param name="Logo">Null where there is none.</param>
[GenerateSerializer, Immutable, Alias("letterhead-view")]
public sealed record LetterheadView(string Organisation, long Revision, LetterheadDetails Details, Logo? Logo);

/// <summary>The key of an organisation's letterhead: there is one for each.</summary>
public static class LetterheadKey
{
    public const string Id = "house";

    public static string Of(string organisation) => GrainKey.Of(organisation, Id);
}

/// <summary>The organisation's letterhead.</summary>
[Alias("letterhead-grain")]
public interface ILetterheadGrain : IGrainWithStringKey
{
    /// <summary>Also where nobody saved one: the default then.</summary>
    [Requires(Role.Reader), Orleans.Concurrency.ReadOnly]
    Task<LetterheadView> View();

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Change(ChangeLetterhead command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> PutLogo(PutLogo command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> RemoveLogo(RemoveLogo command);
}
