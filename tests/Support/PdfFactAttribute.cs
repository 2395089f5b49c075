namespace Guichet.Support;

/// <summary>A test that has other programs read a PDF back: Debian's poppler-utils and qpdf. It is left out where they aren't installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PdfFactAttribute : FactAttribute
{
    public PdfFactAttribute() => Skip = PdfReading.Missing;
}

/// <inheritdoc cref="PdfFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PdfTheoryAttribute : TheoryAttribute
{
    public PdfTheoryAttribute() => Skip = PdfReading.Missing;
}
