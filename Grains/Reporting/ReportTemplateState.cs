using System.Text.Json.Serialization;

namespace Guichet.Reporting;

/// <param name="Template">Null where it was never saved, or was reset.</param>
public sealed record ReportTemplateState(long Revision, ReportTemplate? Template)
{
    public static readonly ReportTemplateState Empty = new(0, null);
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(ReportTemplateSaved), "report-template-saved")]
[JsonDerivedType(typeof(ReportTemplateReset), "report-template-reset")]
public abstract record ReportTemplateEvent;

public sealed record ReportTemplateSaved(ReportTemplate Template) : ReportTemplateEvent;

public sealed record ReportTemplateReset : ReportTemplateEvent;
