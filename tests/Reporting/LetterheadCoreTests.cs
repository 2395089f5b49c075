using System.Collections.Immutable;
using Guichet.Papers;
using Guichet.Reporting;

namespace Guichet.Tests.Reporting;

public sealed class LetterheadCoreTests
{
    /// <summary>One pixel.</summary>
    internal static readonly ImmutableArray<byte> Png = [.. Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")];

    private static readonly Actor Claire = Sessions.Sample.Claire;

    public static TheoryData<string, LetterheadDetails> Wrong => new()
    {
        { "colour-invalid@colour", LetterheadDetails.Default with { Colour = "red" } },
        { "colour-invalid@colour", LetterheadDetails.Default with { Colour = "#12345g\"onload=" } },
        { "colour-too-light@colour", LetterheadDetails.Default with { Colour = "#ffcc00" } },
        { "colour-too-light@colour", LetterheadDetails.Default with { Colour = "#777777" } },
        { "text-not-one-line@sender-name", LetterheadDetails.Default with { SenderName = "a\nBcc: x@y.example" } },
        { "text-too-long@sender-name", LetterheadDetails.Default with { SenderName = new string('x', 101) } },
        { "address-invalid@reply-to", LetterheadDetails.Default with { ReplyTo = "claire" } },
        { "address-invalid@reply-to", LetterheadDetails.Default with { ReplyTo = "a@b.example\r\nBcc: c@d.example" } },
        { "text-too-long@footer", LetterheadDetails.Default with { Footer = new string('x', 1001) } },
        { "text-has-control@footer", LetterheadDetails.Default with { Footer = "a\0" } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_it_may_not_be_is_refused_by_its_field(string refusals, LetterheadDetails details) => Assert.Equal(
        refusals, string.Join(' ', Decide(LetterheadState.Empty, new ChangeLetterhead(details, 0) { Id = Guid.NewGuid(), By = Claire }).Refusals.Select(refusal => $"{refusal.Code}@{refusal.Field}")));

    [Theory]
    [InlineData("#000000", 21.0)]
    [InlineData("#ffffff", 1.0)]
    [InlineData("#767676", 4.54)]
    public void Contrast_is_that_of_WCAG(string colour, double contrast)
    {
        Assert.True(PaperColour.TryParse(colour, out var parsed));
        Assert.Equal(contrast, LetterheadCore.ContrastWithWhite(parsed), 2);
    }

    [Fact]
    public void It_is_kept_cleaned()
    {
        var decision = Decide(LetterheadState.Empty, new ChangeLetterhead(new LetterheadDetails("7A1F3D", " La Grande Halle ", " Box@Halle.example ", " SIRET 123\r\nParis "), 0) { Id = Guid.NewGuid(), By = Claire });
        Assert.Empty(decision.Refusals);
        Assert.Equal(new LetterheadDetails("#7a1f3d", "La Grande Halle", "box@halle.example", "SIRET 123\nParis"), After(LetterheadState.Empty, decision).Details);
    }

    public static TheoryData<string, ImmutableArray<byte>> WrongLogos => new()
    {
        { "logo-not-an-image", [] },
        { "logo-not-an-image", [.. "<svg onload=\"alert(1)\"/>"u8] },
        { "logo-not-an-image", [.. "GIF89a"u8] },
        { "logo-damaged", Png[..40] },
        { "logo-damaged", [.. Png[..^20], .. new byte[20]] },
        { "logo-too-large", [.. Png, .. new byte[Logo.MostBytes]] },
        { "logo-too-wide", [.. Png[..16], 0, 0, 0x27, 0x10, 0, 0, 0, 1, .. Png[24..]] },
    };

    [Theory]
    [MemberData(nameof(WrongLogos))]
    public void A_logo_is_taken_for_what_it_contains(string code, ImmutableArray<byte> file)
    {
        var refusal = Assert.Single(Decide(LetterheadState.Empty, new PutLogo(file) { Id = Guid.NewGuid(), By = Claire }).Refusals);
        // A header that was changed no longer fits its sum: damaged, or too wide, by what is looked at first; never taken.
        if (code == "logo-too-wide") Assert.Contains(refusal.Code, (string[])["logo-too-wide", "logo-damaged"]);
        else Assert.Equal(code, refusal.Code);
        Assert.Equal("logo", refusal.Field);
    }

    [Fact]
    public void A_logo_is_put_once_and_removed_and_its_bytes_are_not_in_the_journal()
    {
        var decision = Decide(LetterheadState.Empty, new PutLogo(Png) { Id = Guid.NewGuid(), By = Claire });
        var put = Assert.IsType<LogoPut>(Assert.Single(decision.Events));
        Assert.Equal(("image/png", 1, 1, Png.Length), (put.Logo.MediaType, put.Logo.Width, put.Logo.Height, put.Logo.Bytes));
        Assert.Equal(Png, put.Image);
        Assert.DoesNotContain("image\":[", Guichet.Journal.Json.Write<LetterheadEvent>(put), StringComparison.OrdinalIgnoreCase);
        var with = After(LetterheadState.Empty, decision);
        Assert.Empty(Decide(with, new PutLogo(Png) { Id = Guid.NewGuid(), By = Claire }).Events);
        Assert.Null(After(with, Decide(with, new RemoveLogo { Id = Guid.NewGuid(), By = Claire })).Logo);
        Assert.Empty(Decide(LetterheadState.Empty, new RemoveLogo { Id = Guid.NewGuid(), By = Claire }).Events);
    }

    [Fact]
    public void A_change_made_meanwhile_is_not_overwritten() => Assert.Equal(
        "changed-meanwhile", Assert.Single(Decide(LetterheadState.Empty, new ChangeLetterhead(LetterheadDetails.Default, 3) { Id = Guid.NewGuid(), By = Claire }).Refusals).Code);

    private static Guichet.Journal.Decision<LetterheadEvent> Decide(LetterheadState state, Command command) => LetterheadCore.Decide(state, command);

    private static LetterheadState After(LetterheadState state, Guichet.Journal.Decision<LetterheadEvent> decision) => decision.Events.Aggregate(state, LetterheadCore.Apply);
}
