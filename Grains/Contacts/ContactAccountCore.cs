using System.Collections.Immutable;
using System.Text;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Portals;

using Decision = Guichet.Journal.Decision<Guichet.Contacts.ContactEvent>;

namespace Guichet.Contacts;

/// <summary>What a contact decides of its account, its space and who may look into it: pure.</summary>
public static class ContactAccountCore
{
    public const int ShortestIdentifier = 3;
    public const int ShortestReason = 5;
    public const int LongestReason = 500;

    /// <summary>How long a support contact may look on after it said why.</summary>
    public static readonly TimeSpan VisitLasts = TimeSpan.FromHours(1);

    /// <summary>As identifiers are compared: two that differ by case alone are the same.</summary>
    public static string KeyOf(string? identifier) => EmailAddress.Normalized(identifier is not null && ContactRules.IsWhole(identifier) ? identifier.Normalize(NormalizationForm.FormC) : identifier);

    /// <summary>Null for what isn't decided here.</summary>
    internal static Decision? Decide(ContactState state, Command command, ContactFacts facts, DateTimeOffset now, DateOnly latestDay) => command switch
    {
        OpenContactAccount open => Open(state, open, facts),
        ChangeAccountIdentifier change => Change(state, change, facts),
        SuspendContactAccount suspend => state.Account is not { } account ? Decision.Refuse("account-unknown")
            : account.Suspended == suspend.Suspended ? Decision.Accept()
            : Decision.Accept(new AccountSuspended(suspend.Suspended)),
        CloseContactAccount => Decision.Accept(Ended(state).AsSpan()),
        SendPasswordLink => Send(state, facts.Id),
        SetAccountPassword set => NotItself(set, facts.Id) ?? (MaySignIn(state) && set.Number == state.AccountNumber ? Set(facts.Id, true, set.Password) : Decision.Refuse("account-link-used")),
        ChangeAccountPassword change => NotItself(change, facts.Id) ?? (MaySignIn(state) ? Set(facts.Id, false, change.Password) : Decision.Refuse("account-unknown")),
        ChangeOwnDetails change => NotItself(change, facts.Id) ?? ChangeOwn(state, change, latestDay),
        OpenSupportVisit open => Visit(state, open, facts, now),
        RecordSupportView view => View(state, view, facts, now),
        AssociateProducer associate => Associate(state, associate, facts.Space),
        DissociateProducer dissociate => facts.Space.Production is null ? Decision.Accept() : Decision.Accept(new ProducerDissociated(dissociate.Kind, dissociate.Of)),
        _ => null,
    };

    internal static ContactState Apply(ContactState state, SpaceEvent happened) => happened switch
    {
        AccountOpened opened => state with { Account = new ContactAccount(opened.Identifier, false, false, opened.At, opened.By, opened.At, null) },
        AccountIdentifierChanged changed => Ending(Changed(state, happened, account => account with { Identifier = changed.Identifier })),
        AccountSuspended { Suspended: true } => Ending(Changed(state, happened, account => account with { Suspended = true })),
        AccountSuspended => Changed(state, happened, account => account with { Suspended = false }),
        AccountClosed => Ending(state with { Account = null }),
        PasswordLinkSent => Changed(state, happened, account => account with { LinkSentAt = happened.At }),
        AccountPasswordSet => Ending(Changed(state, happened, account => account with { HasPassword = true })),
        _ => state,
    };

    /// <summary>
    /// What else a change of the record does: links that were mailed to an address which isn't the contact's any more, or while it wasn't
    /// archived, open nothing.
    /// </summary>
    internal static ContactState Following(ContactState before, ContactState after) =>
        after.Account is not null && (MainEmail(before) != MainEmail(after) || (after.Archived && !before.Archived)) ? Ending(after) : after;

    /// <summary>
    /// What ends the contact's account, with its password, its sessions and its links: to be added to whatever takes the contact away. Nothing
    /// where it has none.
    /// </summary>
    public static ImmutableArray<ContactEvent> Ended(ContactState state) => state.Account is null ? [] : [new AccountClosed()];

    /// <summary>Whether the event ended, by its rows, every session that the contact had.</summary>
    internal static bool EndsSessions(ContactEvent happened) => happened is AccountClosed or AccountPasswordSet or AccountSuspended { Suspended: true } or ContactArchived { Archived: true };

    private static ContactState Ending(ContactState state) => state with { AccountNumber = state.AccountNumber + 1 };

    private static ContactState Changed(ContactState state, SpaceEvent happened, Func<ContactAccount, ContactAccount> change) =>
        state.Account is { } account ? state with { Account = change(account) with { ChangedBy = happened.By, ChangedAt = happened.At } } : state;

    private static string? MainEmail(ContactState state) => state.Details?.Emails is [var first, ..] ? first : null;

    private static bool MaySignIn(ContactState state) => state is { Account.Suspended: false, Archived: false };

    /// <summary>Nobody does in a contact's name what is the contact's alone, its password above all.</summary>
    private static Decision? NotItself(Command command, string id) =>
        command.By is { Kind: ActorKind.Contact } by && by.Id == id ? null : Decision.Refuse("account-own-only");

    private static Decision Open(ContactState state, OpenContactAccount open, ContactFacts facts)
    {
        if (state.Account is not null) return Decision.Refuse("account-exists");
        if (Unreachable(state) is { } unreachable) return Decision.Refuse(unreachable);
        var (identifier, wrong) = Identifier(open.Identifier ?? MainEmail(state), facts.Space.Holder);
        return wrong is not null ? Decision.Refuse(wrong) : Decision.Accept(new AccountOpened(identifier)).With(new MailAccountLink(facts.Id, state.AccountNumber, Opened: true));
    }

    private static Decision Change(ContactState state, ChangeAccountIdentifier change, ContactFacts facts)
    {
        if (state.Account is not { } account) return Decision.Refuse("account-unknown");
        var (identifier, wrong) = Identifier(change.Identifier, facts.Space.Holder);
        return wrong is not null ? Decision.Refuse(wrong)
            : identifier == account.Identifier ? Decision.Accept()
            : Decision.Accept(new AccountIdentifierChanged(identifier, account.Identifier)).With(new MailAccountIdentifier(facts.Id, account.Identifier));
    }

    private static (string Identifier, Refusal? Wrong) Identifier(string? written, IdentifierHolder? holder)
    {
        var identifier = (written ?? "").Trim();
        if (identifier.Length is < ShortestIdentifier or > EmailAddress.Longest || identifier.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)) || !ContactRules.IsWhole(identifier))
            return ("", Refusal.Of("account-identifier-invalid", "identifier", ContactRules.Number(ShortestIdentifier)));
        return holder is null ? (identifier.Normalize(NormalizationForm.FormC), null)
            : ("", Refusal.Of("account-identifier-taken", "identifier", identifier, holder.Name, ContactRules.Number(holder.Number), holder.Id));
    }

    /// <summary>Why a link can't be mailed to it; null when it can.</summary>
    private static Refusal? Unreachable(ContactState state) =>
        state.Archived ? Refusal.Of("account-archived")
        : MainEmail(state) is null ? Refusal.Of("account-email-missing", "email")
        : null;

    private static Decision Send(ContactState state, string id) =>
        state.Account is not { } account ? Decision.Refuse("account-unknown")
        : account.Suspended ? Decision.Refuse("account-suspended")
        : Unreachable(state) is { } unreachable ? Decision.Refuse(unreachable)
        : Decision.Accept(new PasswordLinkSent()).With(new MailAccountLink(id, state.AccountNumber, Opened: false));

    private static Decision Set(string id, bool byLink, Organisations.SecretHash password) =>
        Decision.Accept(new AccountPasswordSet(byLink, password)).With(new MailAccountPasswordSet(id));

    private static Decision ChangeOwn(ContactState state, ChangeOwnDetails change, DateOnly latestDay)
    {
        if (!MaySignIn(state)) return Decision.Refuse("account-unknown");
        if (change.BasedOn != state.Revision) return Decision.Refuse("changed-meanwhile");
        var details = state.Details! with { Mobile = change.Mobile, Phone = change.Phone, Language = change.Language };
        if (change.Main is { } main)
        {
            main = main with { Kind = AddressKind.Main, NotValid = false };
            var known = details.Addresses.FirstOrDefault(address => address.Kind == AddressKind.Main);
            details = details with { Addresses = known is null ? details.Addresses.Insert(0, main) : details.Addresses.Replace(known, main with { NotValid = known with { NotValid = false } == main && known.NotValid }) };
        }
        var (cleaned, wrong) = ContactRules.Check(details, latestDay);
        return !wrong.IsEmpty ? Decision.Refuse(wrong.AsSpan())
            : Json.Write(cleaned) == Json.Write(state.Details) ? Decision.Accept()
            : Decision.Accept(new ContactChanged(cleaned));
    }

    private static Decision Visit(ContactState state, OpenSupportVisit open, ContactFacts facts, DateTimeOffset now)
    {
        if (open.By.Kind != ActorKind.Contact || !facts.Space.IsSupport) return Decision.Refuse("support-only");
        // A client that isn't one is answered like one that nobody has: who looks is told nothing of it.
        if (open.By.Id == facts.Id || state.Account is null || state.Archived) return Decision.Refuse("support-nobody", "whom");
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        var reason = ContactRules.Line(open.Reason, "reason", LongestReason, wrong) ?? "";
        if (wrong.Count == 0 && reason.Length < ShortestReason) wrong.Add(Refusal.Of("support-reason-missing", "reason"));
        if (wrong.Count > 0) return Decision.Refuse(wrong.ToImmutable().AsSpan());
        var visit = Ids.From(now, "support-visit", open.Id.ToString());
        return Decision.Accept(new SupportVisit(visit), new SupportViewed(visit, SpacePage.Visit, open.By.Id, reason));
    }

    private static Decision View(ContactState state, RecordSupportView view, ContactFacts facts, DateTimeOffset now)
    {
        if (view.By.Kind != ActorKind.Contact || !facts.Space.IsSupport) return Decision.Refuse("support-only");
        return facts.Space.Visit is not { } visit || state.Account is null || state.Archived || now - visit.At > VisitLasts || view.Page == SpacePage.Visit || !Enum.IsDefined(view.Page)
            ? Decision.Refuse("support-visit-over")
            : Decision.Accept(new SupportViewed(view.VisitId, view.Page, view.By.Id, visit.Reason));
    }

    private static Decision Associate(ContactState state, AssociateProducer associate, SpaceFacts facts) =>
        !state.Details!.Types.Contains(ContactType.Producer) ? Decision.Refuse("producer-type-missing", "contact", ContactRow.NameOf(state.Details.Name, state.Details.FirstName))
        : !Enum.IsDefined(associate.Kind) || !facts.Exists ? Decision.Refuse("production-unknown", "of")
        : facts.Production?.Revenue == associate.Revenue ? Decision.Accept()
        : Decision.Accept(new ProducerAssociated(associate.Kind, associate.Of, associate.Revenue));
}
