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

    public static async Task Send(
        IMailTransport transport, PublicAddress address, EffectContext context, Operator to, Letter letter, CancellationToken cancellation)
    {
        try
        {
            await transport.Send(
                new OutgoingMail(context.Id, to.Email, to.Name, letter.Subject, letter.ToText(address.Root), letter.ToHtml(address.Root)), cancellation);
        }
        catch (MailRefusedException refused)
        {
            throw new EffectImpossibleException(refused.Message, refused);
        }
    }
}
