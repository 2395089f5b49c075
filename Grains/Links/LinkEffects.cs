using Guichet.Journal;

namespace Guichet.Links;

/// <summary>Brings both sessions to what the link says when the effect is done (not when it was written: only the last change counts).</summary>
[Alias("settle-link")]
public sealed record SettleLink(string LinkId) : Effect;

/// <summary>Sends the sender's current tally to a counterpart outside Guichet, if the link has a webhook.</summary>
[Alias("deliver-link")]
public sealed record DeliverLink(string LinkId) : Effect;

public enum OutsideLetter
{
    /// <summary>The link was made: what it is, and the address or how the webhook is signed.</summary>
    Given = 0,

    /// <summary>The address is another one from now on.</summary>
    AddressChanged = 1,

    /// <summary>The link is over.</summary>
    Ended = 2,
}

/// <summary>A mail to a counterpart outside Guichet. It may have to hold the address, a secret, so it is written when it is sent.</summary>
[Alias("mail-outside-link")]
public sealed record MailOutsideLink(string LinkId, OutsideLetter Letter) : Effect;
