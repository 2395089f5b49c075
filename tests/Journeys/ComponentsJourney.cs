namespace Guichet.Tests.Journeys;

/// <summary>The gallery on every screen: what holds there holds on the pages that are made of it.</summary>
[Collection(DemoCollection.Name)]
public sealed class ComponentsJourney(Demo demo)
{
    public static TheoryData<int, bool, string> Screens => new()
    {
        { 1280, false, "fr-FR" }, { 1280, true, "fr-FR" }, { 820, false, "fr-FR" }, { 820, true, "fr-FR" }, { 1280, false, "en-GB" }, { 640, false, "fr-FR" },
    };

    [Theory, MemberData(nameof(Screens))]
    public async Task The_gallery_is_sound_on_every_screen(int width, bool dark, string language)
    {
        await using var visit = await demo.Open(new Screen(width, dark, language));
        await visit.Page.GotoAsync("/components");
        await visit.Picture("components");
        await Checks.IsSound(visit);
    }
}
