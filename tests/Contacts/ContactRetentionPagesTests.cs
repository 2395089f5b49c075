using System.Net;
using System.Text.RegularExpressions;
using Guichet.Contacts;
using Guichet.Jobs;
using Guichet.Journal;
using Guichet.Support;
using Guichet.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>What a preview's page asks before anybody is erased, without scripts.</summary>
public sealed class ContactRetentionPagesTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("fr", "Effacer une fois", "L’aperçu en a trouvé 1.")]
    [InlineData("en", "Erase once", "The preview found 1.")]
    public async Task Nobody_is_erased_by_a_number_that_was_not_read(string language, string offered, string refused)
    {
        var path = $"/settings/contact-retention/previews/{await Previewed(language == "fr" ? fixture.House : fixture.Promoter)}";
        var tenant = language == "fr" ? fixture.House : fixture.Promoter;
        using var browser = fixture.Node.Browser(null);
        var (_, page, cookie) = await Ask(new HttpRequestMessage(HttpMethod.Get, path), $"guichet-session={tenant.Cookie}");
        Assert.Contains(offered, page, StringComparison.Ordinal);
        var form = Regex.Match(page, "<form[^>]*id=\"run\".*?</form>", RegexOptions.Singleline).Value;
        foreach (var (typed, status) in new[] { ("2", HttpStatusCode.UnprocessableEntity), ("", HttpStatusCode.UnprocessableEntity), ("un", HttpStatusCode.UnprocessableEntity), ("1", HttpStatusCode.Redirect) })
        {
            var fields = Regex.Matches(form, "<input[^>]*>").Select(input => (
                    Name: Regex.Match(input.Value, "name=\"([^\"]*)\"").Groups[1].Value, Value: WebUtility.HtmlDecode(Regex.Match(input.Value, " value=\"([^\"]*)\"").Groups[1].Value)))
                .Where(field => field.Name.Length > 0).ToDictionary(field => field.Name, field => field.Value);
            (fields["count"], fields["command"]) = (typed, Guid.NewGuid().ToString());
            var (answered, text, _) = await Ask(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) }, cookie);
            Assert.Equal(status, answered.Status);
            if (status == HttpStatusCode.UnprocessableEntity) Assert.Contains(refused, text, StringComparison.Ordinal);
            else Assert.StartsWith("/settings/contact-retention/runs/", new Uri(new Uri("http://localhost"), answered.Location).AbsolutePath, StringComparison.Ordinal);
        }

        async Task<((HttpStatusCode Status, string? Location) Answered, string Text, string Cookie)> Ask(HttpRequestMessage request, string cookies)
        {
            request.Headers.Add("Cookie", cookies);
            request.Headers.AcceptLanguage.ParseAdd(language);
            using var answer = await browser.SendAsync(request);
            var token = answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.FirstOrDefault(one => one.StartsWith("guichet-form=", StringComparison.Ordinal))?.Split(';')[0] : null;
            return ((answer.StatusCode, answer.Headers.Location?.OriginalString), WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()).Replace('\u00A0', ' '), token is null ? cookies : $"{cookies}; {token}");
        }
    }

    /// <summary>A contact that was forgotten for years, a rule, and a look that found it.</summary>
    private async Task<string> Previewed(Tenant tenant)
    {
        var (by, forgotten) = (tenant.Administrator, Ids.New(TimeProvider.System));
        var retention = tenant.Grain<IContactRetentionGrain>(fixture.Node, ContactRetentionKey.Id);
        string preview;
        using (Caller.As(by))
        {
            (await tenant.Grain<IContactGrain>(fixture.Node, forgotten).Create(new CreateContact(Named("Oubliée")) { Id = Guid.NewGuid(), By = by })).Expect();
            await using (var aged = fixture.Database.Owner.CreateCommand($"UPDATE contacts SET touched_at = '2000-01-01' WHERE id = '{forgotten}'")) await aged.ExecuteNonQueryAsync();
            (await retention.SetRules(new SetRetentionRules([new("prospects", "Prospects", null, [], RetentionStanding.Prospects, RetentionArchive.Either, 36)], 0) { Id = Guid.NewGuid(), By = by })).Expect();
            preview = (await retention.Preview(new PreviewRetention { Id = Guid.NewGuid(), By = by })).Expect().Id;
        }
        using var caller = Caller.As(Actor.System("tests", tenant.Id));
        var argument = new RetentionArgument(preview, 1, (await retention.View()).Rules, TimeProvider.System.GetUtcNow(), by);
        var context = new EffectContext(Guid.NewGuid(), tenant.Id, 1, TimeProvider.System.GetUtcNow());
        await using var scope = fixture.Node.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IEffectHandler<StartRetentionJob>>().Do(new StartRetentionJob(preview, JobKind.ContactRetentionPreview, argument, 0), context, CancellationToken.None);
        await scope.ServiceProvider.GetRequiredService<IEffectHandler<RunJobStep>>().Do(new RunJobStep(preview, 1), context, CancellationToken.None);
        return preview;
    }
}
