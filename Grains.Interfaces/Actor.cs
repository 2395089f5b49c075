namespace Guichet;

/// <summary>What a person (or token) may do in its organisation; each role may do all that the ones before it may.</summary>
public enum Role
{
    /// <summary>Sees everything of the organisation, changes nothing but its own settings.</summary>
    Reader = 0,

    /// <summary>Keeps sessions, tallies, links and imports.</summary>
    BoxOffice = 1,

    /// <summary>Also operators, tokens and the organisation's settings.</summary>
    Administrator = 2,
}

public enum ActorKind
{
    /// <summary>A person signed in with a browser.</summary>
    Operator = 0,

    /// <summary>A program that presents an API token.</summary>
    Token = 1,

    /// <summary>The product itself: effects that leave the outbox, sweeps, streams, reminders. May act in any organisation.</summary>
    System = 2,

    /// <summary>A contact that is signed in to its own space: of its organisation it may call what <see cref="ContactAccess"/> says, whatever its role.</summary>
    Contact = 3,
}

/// <summary>
/// Who acts: carried by every command, and by every grain call in <c>RequestContext</c> (<see cref="Caller"/>).
/// It is made from who is signed in, never from what was sent.
/// </summary>
/// <param name="Organisation">The organisation's id; <c>*</c> for the system when it acts for nobody in particular.</param>
/// <param name="Id">The operator's, token's or contact's id; the name of the part of the product for the system.</param>
/// <param name="Name">As the journal and the timeline show it.</param>
[GenerateSerializer, Immutable, Alias("actor")]
public sealed record Actor(string Organisation, string Id, ActorKind Kind, string Name, Role Role)
{
    /// <summary>The product acting by itself in one organisation, or in all (<c>*</c>).</summary>
    public static Actor System(string part, string organisation = "*") =>
        new(organisation, part, ActorKind.System, part, Role.Administrator);
}
