using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Guichet.Shell;

/// <summary>What a person quotes when something unexpected happened: the start of the trace's id, the same that logs and traces carry.</summary>
public static class Reference
{
    public static string Of(HttpContext http) =>
        (Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier).Replace("-", "", StringComparison.Ordinal) is { Length: > 0 } id
            ? id[..Math.Min(12, id.Length)].ToUpperInvariant()
            : "";
}
