namespace Guichet.Organisations;

/// <summary>What a form that sends a command keeps between its showing and its sending.</summary>
internal static class CommandForm
{
    public static string NewId() => Guid.NewGuid().ToString("N");

    /// <summary>The id that the form carried. Sent twice, the form is one command.</summary>
    public static Guid IdOf(string? carried) => Guid.TryParse(carried, out var id) ? id : Guid.NewGuid();
}
