using Guichet.Journal;
using Guichet.Mail;
using Guichet.Organisations;

namespace Guichet.Portals;

/// <summary>Mails the link that lets a contact choose its password.</summary>
/// <param name="Number">Of the account: a link of one that changed meanwhile is not sent.</param>
/// <param name="Opened">The account is new: the mail says what it is.</param>
[Alias("mail-account-link")]
public sealed record MailAccountLink(string ContactId, int Number, bool Opened) : Effect;

/// <summary>Tells a contact that its password was changed, in case it wasn't them.</summary>
[Alias("mail-account-password-set")]
public sealed record MailAccountPasswordSet(string ContactId) : Effect;

/// <summary>Tells a contact that it signs in with another identifier.</summary>
[Alias("mail-account-identifier")]
public sealed record MailAccountIdentifier(string ContactId, string Was) : Effect;

/// <summary>Someone says that they forgot the password of this identifier or e-mail. Whether anybody has it is found out when it is done, not while they wait.</summary>
[Alias("mail-account-reset")]
public sealed record MailAccountReset(string Typed) : Effect;

/// <summary>Where the pages of a house's space are.</summary>
public static class SpaceAddress
{
    public static string Of(string organisation) => $"/space/{organisation}";

    internal static string OfLink(string organisation, string secret) => $"{Of(organisation)}/password/new?link={secret}";
}

public sealed class MailAccountLinkHandler(AccountSignIns accounts, MailedLinks links, IMailTransport transport, PublicAddress address, TimeProvider time) : IEffectHandler<MailAccountLink>
{
    /// <summary>A mail that the house sends is read when its reader next reads mail.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(7);

    public async Task Do(MailAccountLink effect, EffectContext context, CancellationToken cancellation)
    {
        if (await accounts.Holder(context.Organisation, effect.ContactId, cancellation) is not { MaySignIn: true, Email: { } email } holder || holder.Number != effect.Number) return;
        var secret = await links.Make(LinkPurpose.AccountPassword, new MailedLink(context.Organisation, effect.ContactId, effect.Number), time.GetUtcNow() + Lasts, cancellation);
        var letter = AccountLetters.Link(holder, effect.Opened, SpaceAddress.OfLink(context.Organisation, secret));
        await letter.Send(transport, address, context, email, holder.Name, cancellation);
    }
}

public sealed class MailAccountResetHandler(AccountSignIns accounts, MailedLinks links, IMailTransport transport, PublicAddress address, TimeProvider time) : IEffectHandler<MailAccountReset>
{
    /// <summary>Asked for so long ago that whoever did has given up: the mail server was down.</summary>
    private static readonly TimeSpan worthSendingFor = TimeSpan.FromHours(1);

    public async Task Do(MailAccountReset effect, EffectContext context, CancellationToken cancellation)
    {
        if (time.GetUtcNow() - context.FirstDue > worthSendingFor) return;
        foreach (var holder in await accounts.Holders(context.Organisation, effect.Typed, cancellation))
        {
            if (holder is not { MaySignIn: true, Email: { } email }) continue;
            var secret = await links.Make(
                LinkPurpose.AccountPassword, new MailedLink(context.Organisation, holder.ContactId, holder.Number), time.GetUtcNow() + MailedLinks.ResetLasts, cancellation);
            // A mail of its own for each: the same Message-ID would make them one.
            var part = context with { Id = CommandIds.From("part", context.Id.ToString("N"), holder.ContactId) };
            await AccountLetters.Reset(holder, SpaceAddress.OfLink(context.Organisation, secret)).Send(transport, address, part, email, holder.Name, cancellation);
        }
    }
}

public sealed class MailAccountPasswordSetHandler(AccountSignIns accounts, IMailTransport transport, PublicAddress address) : IEffectHandler<MailAccountPasswordSet>
{
    public async Task Do(MailAccountPasswordSet effect, EffectContext context, CancellationToken cancellation)
    {
        if (await accounts.Holder(context.Organisation, effect.ContactId, cancellation) is { Email: { } email } holder)
            await AccountLetters.PasswordSet(holder).Send(transport, address, context, email, holder.Name, cancellation);
    }
}

public sealed class MailAccountIdentifierHandler(AccountSignIns accounts, IMailTransport transport, PublicAddress address) : IEffectHandler<MailAccountIdentifier>
{
    public async Task Do(MailAccountIdentifier effect, EffectContext context, CancellationToken cancellation)
    {
        if (await accounts.Holder(context.Organisation, effect.ContactId, cancellation) is { Email: { } email } holder)
            await AccountLetters.Identifier(holder, effect.Was).Send(transport, address, context, email, holder.Name, cancellation);
    }
}

internal static class AccountLetters
{
    public static Letter Link(AccountHolder to, bool opened, string path) => (to.Language == Language.English, opened) switch
    {
        (true, true) => new Letter("en", $"Your account at {to.OrganisationName}",
            [
                $"{to.OrganisationName} has opened an internet account for you: your details, your consents and your purchases are in your own space.",
                $"You sign in with {to.Identifier}. Choose your password: the link works once, for 7 days.",
            ],
            "Choose my password", path, $"You get this mail because {to.OrganisationName} has this address of you. If you don’t want an account, ignore it: nothing happens without you."),
        (false, true) => new Letter("fr", $"Votre compte chez {to.OrganisationName}",
            [
                $"{to.OrganisationName} vous a ouvert un compte internet : vos coordonnées, vos consentements et vos achats sont dans votre espace.",
                $"Vous vous connectez avec {to.Identifier}. Choisissez votre mot de passe\u00A0: le lien sert une seule fois, pendant 7 jours.",
            ],
            "Choisir mon mot de passe", path, $"Vous recevez ce message parce que {to.OrganisationName} a cette adresse de vous. Si vous ne voulez pas de compte, ignorez-le : rien ne se fera sans vous."),
        (true, false) => new Letter("en", $"A new password for {to.OrganisationName}",
            [
                $"{to.OrganisationName} sends you this link to choose a new password for your space. You sign in with {to.Identifier}.",
                "The link works once, for 7 days. Until it is used, your present password stays as it is.",
            ],
            "Choose a new password", path, "If you weren’t expecting this mail, ignore it: your password hasn’t changed."),
        (false, false) => new Letter("fr", $"Un nouveau mot de passe pour {to.OrganisationName}",
            [
                $"{to.OrganisationName} vous envoie ce lien pour choisir un nouveau mot de passe de votre espace. Vous vous connectez avec {to.Identifier}.",
                "Le lien sert une seule fois, pendant 7 jours. Tant qu’il n’a pas servi, votre mot de passe actuel reste le même.",
            ],
            "Choisir un nouveau mot de passe", path, "Si vous n’attendiez pas ce message, ignorez-le\u00A0: votre mot de passe n’a pas changé."),
    };

    public static Letter Reset(AccountHolder to, string path) => to.Language == Language.English
        ? new Letter("en", $"A new password for {to.OrganisationName}",
            [
                $"Someone, most likely you, asked for a new password for your space at {to.OrganisationName}. You sign in with {to.Identifier}.",
                "The link works once, for 2 hours. Until it is used, your present password stays as it is.",
            ],
            "Choose a new password", path, "If it wasn’t you, ignore this mail: your password hasn’t changed.")
        : new Letter("fr", $"Un nouveau mot de passe pour {to.OrganisationName}",
            [
                $"Quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour votre espace chez {to.OrganisationName}. Vous vous connectez avec {to.Identifier}.",
                "Le lien sert une seule fois, pendant 2 heures. Tant qu’il n’a pas servi, votre mot de passe actuel reste le même.",
            ],
            "Choisir un nouveau mot de passe", path, "Si ce n’était pas vous, ignorez ce message\u00A0: votre mot de passe n’a pas changé.");

    public static Letter PasswordSet(AccountHolder to) => to.Language == Language.English
        ? new Letter("en", $"Your password for {to.OrganisationName} has changed",
            [
                $"The password of your space at {to.OrganisationName} has just been changed, and every browser that was signed in has been signed out.",
                "If it wasn’t you, choose a new one at once and tell the box office.",
            ],
            "Choose a new password", Forgotten(to), "You get this mail each time your password changes.")
        : new Letter("fr", $"Votre mot de passe pour {to.OrganisationName} a changé",
            [
                $"Le mot de passe de votre espace chez {to.OrganisationName} vient d’être changé, et tous les navigateurs connectés ont été déconnectés.",
                "Si ce n’était pas vous, choisissez-en un autre tout de suite et prévenez la billetterie.",
            ],
            "Choisir un nouveau mot de passe", Forgotten(to), "Vous recevez ce message à chaque changement de votre mot de passe.");

    public static Letter Identifier(AccountHolder to, string was) => to.Language == Language.English
        ? new Letter("en", $"You sign in to {to.OrganisationName} with another identifier",
            [$"You now sign in to your space at {to.OrganisationName} with {to.Identifier}, and no longer with {was}. Your password is the same."],
            "Go to my space", SpaceAddress.Of(to.Organisation), "You get this mail each time your identifier changes.")
        : new Letter("fr", $"Votre identifiant pour {to.OrganisationName} a changé",
            [$"Vous vous connectez désormais à votre espace chez {to.OrganisationName} avec {to.Identifier}, et non plus avec {was}. Votre mot de passe reste le même."],
            "Aller à mon espace", SpaceAddress.Of(to.Organisation), "Vous recevez ce message à chaque changement de votre identifiant.");

    private static string Forgotten(AccountHolder to) => $"{SpaceAddress.Of(to.Organisation)}/password/forgotten";
}
