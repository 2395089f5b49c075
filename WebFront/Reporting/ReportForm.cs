using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Guichet.Reporting;

/// <summary>Reads what the forms of reports post, and what the addresses of their previews say.</summary>
internal static class ReportForm
{
    /// <summary>Partners whose reports are made by hand at once: more are a group's, by a calendar.</summary>
    public const int MostPartners = 500;

    /// <summary>Of what, and as of when: <c>session</c>, <c>series</c>, <c>at</c>.</summary>
    public static (ReportScope Scope, DateTimeOffset At) Scope(Func<string, StringValues> field, ImmutableArray<string> partners, DateTimeOffset now)
    {
        ImmutableArray<string> sessions = [.. field("session").Where(id => Ids.IsValid(id)).Select(id => id!).Distinct().Take(ReportRunCore.MostSessions)];
        var series = field("series").ToString() is var id && Ids.IsValid(id) ? id : null;
        var at = DateTimeOffset.TryParse(field("at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var said) && said <= now ? said : now;
        return (new ReportScope(partners, null, [], sessions, series, false), at);
    }

    public static string Written(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>The texts of one language; null where the form doesn't have them, or left them as the template's.</summary>
    public static ReportText? Text(IFormCollection form, string language, ReportText? ofTemplate)
    {
        if (!form.ContainsKey($"{language}.subject")) return null;
        var text = new ReportText(form[$"{language}.subject"].ToString().Trim(), form[$"{language}.intro"].ToString().ReplaceLineEndings("\n").Trim());
        return text == ofTemplate ? null : text;
    }

    /// <summary>Whole, as the template's form shows it.</summary>
    public static ReportTemplate Template(IFormCollection form) => new(
        [.. Enums<ReportColumn>(form["columns"])], One(form["breakdown"], ReportBreakdown.None), form["curve"] == "true", One(form["language"], ReportLanguage.OfPartner),
        Text(form, "french", null) ?? new ReportText("", ""), Text(form, "english", null) ?? new ReportText("", ""),
        [.. Enums<ReportAttachment>(form["attachments"])], form["unchanged"] != "leave-out",
        int.TryParse(form["drops-after"], NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days : -1, form["link"] == "true");

    /// <summary>The columns in the order of the form, those that aren't shown after those that are.</summary>
    public static ImmutableArray<ReportColumn> Order(IFormCollection form)
    {
        var order = Enums<ReportColumn>(form["order"]).Concat(Enum.GetValues<ReportColumn>()).Distinct().ToList();
        // « up:Gross »: moved one place by its button, without scripts.
        if (form["move"].ToString().Split(':') is [var way, var name] && Enum.TryParse<ReportColumn>(name, out var moved) && order.IndexOf(moved) is >= 0 and var at)
        {
            var to = Math.Clamp(way == "up" ? at - 1 : at + 1, 0, order.Count - 1);
            order.RemoveAt(at);
            order.Insert(to, moved);
        }
        return [.. order];
    }

    private static T One<T>(StringValues posted, T otherwise) where T : struct, Enum => Enums<T>(posted).DefaultIfEmpty(otherwise).First();

    private static IEnumerable<T> Enums<T>(StringValues posted) where T : struct, Enum =>
        posted.Where(name => Enum.TryParse<T>(name, out var value) && Enum.IsDefined(value)).Select(name => Enum.Parse<T>(name!));
}
