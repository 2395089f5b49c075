namespace Guichet.Organisations;

/// <summary>
/// What nodes remember for a moment of who is signed in is out of date. A hint that makes a revocation effective at once; a node that
/// misses it learns by itself within seconds.
/// </summary>
/// <param name="Id">The operator or token that it concerns, or <see cref="Everyone"/> of the organisation.</param>
[GenerateSerializer, Immutable, Alias("access-changed")]
public sealed record AccessChanged(string Organisation, string Id)
{
    public const string Namespace = "access";
    public const string Everyone = "*";

    public bool Concerns(string organisation, string id) => Organisation == organisation && (Id == Everyone || Id == id);
}
