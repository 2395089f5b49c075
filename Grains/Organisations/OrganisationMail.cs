using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Mail;

namespace Guichet.Organisations;

/// <summary>Mails the link that lets the invited person choose a password.</summary>
/// <param name="Invitation">One that was replaced meanwhile is not sent.</param>
[Alias("mail-invitation")]
public sealed record MailInvitation(string OperatorId, int Invitation, string InvitedBy) : Effect;

/// <summary>Tells an operator that the password was changed, in case it wasn't them.</summary>
[Alias("mail-password-set")]
public sealed record MailPasswordSet(string OperatorId) : Effect;

/// <summary>Mails the link that confirms a new address, to that address.</summary>
/// <param name="Number">A request that was replaced or taken back meanwhile is not sent.</param>
[Alias("mail-email-change")]
public sealed record MailEmailChange(string OperatorId, int Number) : Effect;

/// <summary>Tells the address before that it no longer signs in, in case it wasn't its owner who asked.</summary>
[Alias("mail-email-changed")]
public sealed record MailEmailChanged(string OperatorId, string Was, string Email) : Effect;

/// <summary>Someone says that they forgot the password of this address. Whether anybody has it is found out when it is done, not while they wait.</summary>
[Alias("mail-password-reset")]
public sealed record MailPasswordReset(string Email, Language AskedIn) : Effect;

public sealed class MailInvitationHandler(SignIns signIns, MailedLinks links, IMailTransport transport, PublicAddress address) : IEffectHandler<MailInvitation>
{
    public async Task Do(MailInvitation effect, EffectContext context, CancellationToken cancellation)
    {
        if (await signIns.Operator(context.Organisation, effect.OperatorId, cancellation) is not { } found) return;
        var (organisation, entry) = found;
        if (entry.Profile is not { State: OperatorState.Invited, InvitationExpires: { } expires } || entry.Invitations != effect.Invitation) return;
        var secret = await links.Make(
            LinkPurpose.Invitation, new MailedLink(context.Organisation, effect.OperatorId, entry.Invitations), expires, cancellation);
        var letter = OrganisationLetters.Invitation(entry.Profile.Language, organisation, effect.InvitedBy, $"/invitation?link={secret}");
        await OrganisationLetters.Send(transport, address, context, entry.Profile, letter, cancellation);
    }
}

public sealed class MailEmailChangeHandler(SignIns signIns, MailedLinks links, IMailTransport transport, PublicAddress address) : IEffectHandler<MailEmailChange>
{
    public async Task Do(MailEmailChange effect, EffectContext context, CancellationToken cancellation)
    {
        if (await signIns.Operator(context.Organisation, effect.OperatorId, cancellation) is not { } found) return;
        var (organisation, entry) = found;
        if (entry.Asked is not { } asked || entry.EmailsAsked != effect.Number) return;
        var secret = await links.Make(LinkPurpose.EmailChange, new MailedLink(context.Organisation, effect.OperatorId, effect.Number), asked.Until, cancellation);
        var letter = OrganisationLetters.EmailChange(entry.Profile.Language, entry.Profile.Name, organisation, $"/email?link={secret}");
        await OrganisationLetters.Send(transport, address, context, entry.Profile with { Email = asked.Email }, letter, cancellation);
    }
}

public sealed class MailEmailChangedHandler(SignIns signIns, IMailTransport transport, PublicAddress address) : IEffectHandler<MailEmailChanged>
{
    public async Task Do(MailEmailChanged effect, EffectContext context, CancellationToken cancellation)
    {
        if (await signIns.Operator(context.Organisation, effect.OperatorId, cancellation) is not { } found) return;
        var letter = OrganisationLetters.EmailChanged(found.Entry.Profile.Language, found.OrganisationName, effect.Email);
        await OrganisationLetters.Send(transport, address, context, found.Entry.Profile with { Email = effect.Was }, letter, cancellation);
    }
}

public sealed class MailPasswordSetHandler(SignIns signIns, IMailTransport transport, PublicAddress address) : IEffectHandler<MailPasswordSet>
{
    public async Task Do(MailPasswordSet effect, EffectContext context, CancellationToken cancellation)
    {
        if (await signIns.Operator(context.Organisation, effect.OperatorId, cancellation) is not { } found) return;
        var letter = OrganisationLetters.PasswordSet(found.Entry.Profile.Language, found.OrganisationName);
        await OrganisationLetters.Send(transport, address, context, found.Entry.Profile, letter, cancellation);
    }
}

/// <summary>One mail to the address, with a link for each organisation that it can sign in to: several letters can't be told apart by their reader.</summary>
public sealed class MailPasswordResetHandler(SignIns signIns, MailedLinks links, IMailTransport transport, PublicAddress address, TimeProvider time)
    : IEffectHandler<MailPasswordReset>
{
    /// <summary>Asked for so long ago that whoever did has given up: the mail server was down.</summary>
    private static readonly TimeSpan WorthSendingFor = TimeSpan.FromHours(1);

    public async Task Do(MailPasswordReset effect, EffectContext context, CancellationToken cancellation)
    {
        if (time.GetUtcNow() - context.FirstDue > WorthSendingFor) return;
        var active = (await signIns.WithEmail(effect.Email, cancellation)).Where(one => one.Entry.Profile.State == OperatorState.Active).ToImmutableArray();
        for (var i = 0; i < active.Length; i++)
        {
            var (organisation, name, entry) = active[i];
            var secret = await links.Make(
                LinkPurpose.PasswordReset, new MailedLink(organisation, entry.Profile.Id, entry.Passwords), time.GetUtcNow() + MailedLinks.ResetLasts, cancellation);
            var language = entry.Profile.Language == Language.Browser ? effect.AskedIn : entry.Profile.Language;
            var letter = OrganisationLetters.PasswordReset(language, name, $"/password/new?link={secret}");
            // A mail of its own for each: the same Message-ID would make them one.
            var part = context with { Id = CommandIds.From("part", context.Id.ToString("N"), organisation) };
            await OrganisationLetters.Send(transport, address, part, entry.Profile, letter, cancellation);
        }
    }
}

internal static class OrganisationLetters
{
    public static Letter Invitation(Language language, string organisation, string invitedBy, string path) => language == Language.English
        ? new Letter("en", $"{invitedBy} invites you to {organisation} on Guichet",
            [
                $"{invitedBy} opens Guichet, the box-office back office of {organisation}, to you.",
                "Choose your password to sign in. The link works once, for 7 days; after that, ask for a new invitation.",
            ],
            "Choose my password", path, "You get this mail because someone gave your address to invite you. If you weren’t expecting it, ignore it: nothing happens without you.")
        : new Letter("fr", $"{invitedBy} vous invite à rejoindre {organisation} sur Guichet",
            [
                $"{invitedBy} vous ouvre Guichet, le back-office de billetterie de {organisation}.",
                "Choisissez votre mot de passe pour vous connecter. Le lien sert une seule fois, pendant 7 jours\u202F; passé ce délai, demandez une nouvelle invitation.",
            ],
            "Choisir mon mot de passe", path,
            "Vous recevez ce message parce que quelqu’un a donné votre adresse pour vous inviter. Si vous ne l’attendiez pas, ignorez-le\u00A0: rien ne se fera sans vous.");

    public static Letter EmailChange(Language language, string name, string organisation, string path) => language == Language.English
        ? new Letter("en", $"Confirm your address for {organisation} on Guichet",
            [
                $"{name} asked to sign in to {organisation} with this address from now on.",
                "Confirm that it is yours. The link works once, for 24 hours; until it is used, nothing changes.",
            ],
            "Confirm this address", path, "If you don’t know what this is about, ignore this mail: your address will not be used.")
        : new Letter("fr", $"Confirmez votre adresse pour {organisation} sur Guichet",
            [
                $"{name} a demandé à se connecter désormais à {organisation} avec cette adresse.",
                "Confirmez qu’elle est bien à vous. Le lien sert une seule fois, pendant 24 heures\u202F; tant qu’il n’a pas servi, rien ne change.",
            ],
            "Confirmer cette adresse", path, "Si vous ne voyez pas de quoi il s’agit, ignorez ce message\u00A0: votre adresse ne sera pas utilisée.");

    public static Letter EmailChanged(Language language, string organisation, string email) => language == Language.English
        ? new Letter("en", $"Your address for {organisation} has changed",
            [
                $"You now sign in to {organisation} on Guichet with {email}; this address no longer opens it.",
                "If it wasn’t you who asked for this, tell your administrator at once: they can disable the account.",
            ],
            null, null, "You get this last mail because this address was yours in Guichet until now.")
        : new Letter("fr", $"Votre adresse pour {organisation} a changé",
            [
                $"Vous vous connectez désormais à {organisation} sur Guichet avec {email}\u202F; l’adresse que voici ne l’ouvre plus.",
                "Si ce n’est pas vous qui l’avez demandé, prévenez tout de suite votre administrateur\u00A0: il peut désactiver le compte.",
            ],
            null, null, "Vous recevez ce dernier message parce que cette adresse était la vôtre dans Guichet jusqu’ici.");

    public static Letter PasswordReset(Language language, string organisation, string path) => language == Language.English
        ? new Letter("en", $"A new password for {organisation} on Guichet",
            [
                $"Someone, most likely you, asked for a new password to sign in to {organisation}.",
                "The link works once, for 2 hours. Until it is used, your present password stays as it is.",
            ],
            "Choose a new password", path, "If it wasn’t you, ignore this mail: your password hasn’t changed.")
        : new Letter("fr", $"Un nouveau mot de passe pour {organisation} sur Guichet",
            [
                $"Quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour se connecter à {organisation}.",
                "Le lien sert une seule fois, pendant 2 heures. Tant qu’il n’a pas servi, votre mot de passe actuel reste le même.",
            ],
            "Choisir un nouveau mot de passe", path, "Si ce n’était pas vous, ignorez ce message\u00A0: votre mot de passe n’a pas changé.");

    public static Letter PasswordSet(Language language, string organisation) => language == Language.English
        ? new Letter("en", $"Your password for {organisation} has changed",
            [
                $"Your password to sign in to {organisation} on Guichet has just been changed, and every browser that was signed in has been signed out.",
                "If it wasn’t you, choose a new one at once and tell your administrator.",
            ],
            "Choose a new password", "/password/forgotten", "You get this mail each time your password changes.")
        : new Letter("fr", $"Votre mot de passe pour {organisation} a changé",
            [
                $"Votre mot de passe pour {organisation} sur Guichet vient d’être changé, et tous les navigateurs connectés ont été déconnectés.",
                "Si ce n’était pas vous, choisissez-en un autre tout de suite et prévenez votre administrateur.",
            ],
            "Choisir un nouveau mot de passe", "/password/forgotten", "Vous recevez ce message à chaque changement de votre mot de passe.");

    public static Task Send(
        IMailTransport transport, PublicAddress address, EffectContext context, Operator to, Letter letter, CancellationToken cancellation) =>
        letter.Send(transport, address, context, to.Email, to.Name, cancellation);
}
