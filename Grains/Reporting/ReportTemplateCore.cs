using System.Collections.Immutable;
using System.Globalization;
using Guichet.Journal;

using Decision = Guichet.Journal.Decision<Guichet.Reporting.ReportTemplateEvent>;

namespace Guichet.Reporting;

/// <summary>What a template decides: pure.</summary>
public static class ReportTemplateCore
{
    public const int LongestSubject = 200;
    public const int LongestIntro = 4_000;
    public const int MostDays = 365;

    public static Decision Decide(ReportTemplateState state, Command command) => command switch
    {
        SaveReportTemplate save when save.BasedOn != state.Revision => Decision.Refuse("changed-meanwhile"),
        SaveReportTemplate save => Check(save.Template) is var (cleaned, wrong) && wrong.IsEmpty
            ? Decision.Accept(new ReportTemplateSaved(cleaned))
            : Decision.Refuse(wrong.AsSpan()),
        ResetReportTemplate => state.Template is null ? Decision.Accept() : Decision.Accept(new ReportTemplateReset()),
        _ => throw new ArgumentException($"A report's template doesn't know {command.GetType().Name}.", nameof(command)),
    };

    public static ReportTemplateState Apply(ReportTemplateState state, ReportTemplateEvent happened) => happened switch
    {
        ReportTemplateSaved saved => new ReportTemplateState(state.Revision + 1, saved.Template),
        ReportTemplateReset => new ReportTemplateState(state.Revision + 1, null),
        _ => throw new ArgumentException($"A report's template doesn't know {happened.GetType().Name}.", nameof(happened)),
    };

    /// <summary>Cleaned, and everything that is wrong with it, by field.</summary>
    public static (ReportTemplate Cleaned, ImmutableArray<Refusal> Wrong) Check(ReportTemplate template)
    {
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        ImmutableArray<ReportColumn> columns = template.Columns.IsDefault ? [] : template.Columns;
        if (columns.IsEmpty) wrong.Add(Refusal.Of("columns-missing", "columns"));
        for (var at = 0; at < columns.Length; at++)
        {
            var field = string.Create(CultureInfo.InvariantCulture, $"columns[{at}]");
            if (!Enum.IsDefined(columns[at])) wrong.Add(Refusal.Of("column-unknown", field));
            else if (columns.IndexOf(columns[at]) < at) wrong.Add(Refusal.Of("column-twice", field));
        }
        if (!Enum.IsDefined(template.Breakdown)) wrong.Add(Refusal.Of("breakdown-unknown", "breakdown"));
        if (!Enum.IsDefined(template.Language)) wrong.Add(Refusal.Of("language-unknown", "language"));
        ImmutableArray<ReportAttachment> attachments = template.Attachments.IsDefault ? [] : [.. template.Attachments.Distinct().Order()];
        if (!attachments.All(Enum.IsDefined)) wrong.Add(Refusal.Of("attachment-unknown", "attachments"));
        if (template.DropsAfterDays is < 0 or > MostDays) wrong.Add(Refusal.Of("days-out-of-range", "drops-after", Text(MostDays)));
        var (french, english) = (Check(template.French, "french", wrong), Check(template.English, "english", wrong));
        return (template with { Columns = columns, Attachments = attachments, French = french, English = english }, wrong.ToImmutable());
    }

    /// <summary>The texts of one language, cleaned; what is wrong with them is added, under <c>{field}.subject</c> and <c>{field}.intro</c>.</summary>
    public static ReportText Check(ReportText? text, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        var (subject, intro) = ((text?.Subject ?? "").Trim(), (text?.Intro ?? "").ReplaceLineEndings("\n").Trim());
        if (subject.Length == 0) wrong.Add(Refusal.Of("subject-missing", $"{field}.subject"));
        else if (subject.Length > LongestSubject) wrong.Add(Refusal.Of("text-too-long", $"{field}.subject", Text(LongestSubject)));
        else if (subject.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029')) wrong.Add(Refusal.Of("text-not-one-line", $"{field}.subject"));
        else CheckPlaceholders(subject, $"{field}.subject", wrong);
        if (intro.Length > LongestIntro) wrong.Add(Refusal.Of("text-too-long", $"{field}.intro", Text(LongestIntro)));
        else if (intro.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\t'))) wrong.Add(Refusal.Of("text-has-control", $"{field}.intro"));
        else CheckPlaceholders(intro, $"{field}.intro", wrong);
        return new ReportText(subject, intro);
    }

    private static void CheckPlaceholders(string text, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        foreach (var name in Placeholders.In(text).Distinct(StringComparer.Ordinal))
            if (!ReportPlaceholders.Known.Contains(name))
                wrong.Add(Refusal.Of("placeholder-unknown", field, [Shown(name), .. ReportPlaceholders.Known.Select(known => $"{{{{{known}}}}}")]));
    }

    /// <summary>Short enough to be told.</summary>
    private static string Shown(string name)
    {
        var written = $"{{{{{name}}}}}";
        return written.Length <= 60 ? written : string.Concat(written.AsSpan(0, char.IsHighSurrogate(written[58]) ? 58 : 59), "…");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
