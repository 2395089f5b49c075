using Guichet.Words;

namespace Guichet.Organisations;

/// <summary>What organisations, sign-in and accounts refuse.</summary>
internal sealed class OrganisationRefusalTexts : RefusalTexts
{
    public OrganisationRefusalTexts()
    {
        Say("organisation-unknown", "Cette structure n’existe pas dans cette installation.", "There is no such organisation in this installation.");
        Say("email-missing", "Indiquez une adresse e-mail.", "Give an e-mail address.");
        Say("email-invalid",
            "Cette adresse e-mail n’a pas la forme nom@domaine.fr\u00A0: vérifiez-la.",
            "This e-mail address doesn’t look like name@domain.org: check it.");
        Say("email-taken",
            "{1} a déjà cette adresse dans votre structure. Modifiez cette personne, ou donnez une autre adresse.",
            "{1} already has this address in your organisation. Change that person, or give another address.");
        Say("email-unchanged", "C’est déjà votre adresse.", "This is your address already.");
        Say("email-link-used",
            "Ce lien a déjà servi, ou une autre adresse a été demandée depuis\u00A0: demandez-le de nouveau dans votre compte.",
            "This link has already been used, or another address was asked for since: ask again in your account.");
        Say("email-link-expired",
            "Ce lien a plus de 24 heures\u00A0: demandez-en un autre dans votre compte.",
            "This link is more than 24 hours old: ask for another in your account.");
        Say("role-unknown", "Choisissez un rôle.", "Choose a role.");
        Say("too-many-operators", "Une structure compte au plus {0:n} opérateurs.", "An organisation has at most {0:n} operators.");
        Say("operator-unknown",
            "Cette personne n’est plus dans votre structure, ou son accès est désactivé.",
            "This person is no longer in your organisation, or has been disabled.");
        Say("operator-accepted", "Cette personne a déjà accepté son invitation.", "This person has already accepted the invitation.");
        Say("operator-never-accepted",
            "Cette personne n’a jamais accepté d’invitation\u00A0: renvoyez-lui-en une.",
            "This person has never accepted an invitation: send another one.");
        Say("operator-not-yourself", "Seul un administrateur déconnecte quelqu’un d’autre.", "Only an administrator signs someone else out.");
        Say("last-administrator",
            "{0} est le dernier administrateur actif\u00A0: donnez d’abord ce rôle à quelqu’un d’autre.",
            "{0} is the last active administrator: first give that role to someone else.");
        Say("invitation-used", "Cette invitation a déjà servi\u00A0: connectez-vous.", "This invitation has already been used: sign in.");
        Say("invitation-withdrawn",
            "Cette invitation a été retirée. Demandez-en une autre à votre administrateur.",
            "This invitation was withdrawn. Ask your administrator for another.");
        Say("invitation-replaced",
            "Une invitation plus récente vous a été envoyée\u00A0: ouvrez le dernier message reçu.",
            "A newer invitation was sent to you: open the latest message.");
        Say("invitation-expired",
            "Cette invitation a plus de 7 jours. Demandez-en une autre à votre administrateur.",
            "This invitation is more than 7 days old. Ask your administrator for another.");
        Say("reset-link-used", "Ce lien a déjà servi. Demandez-en un autre.", "This link has already been used. Ask for another.");
        Say("password-too-short",
            "Choisissez au moins {0:n} caractères\u00A0: quelques mots font un bon mot de passe.",
            "Choose at least {0:n} characters: a few words make a good password.");
        Say("password-too-long", "Choisissez au plus {0:n} caractères.", "Choose at most {0:n} characters.");
        Say("password-too-simple",
            "Ce mot de passe se devine\u00A0: évitez votre nom, votre adresse et les répétitions.",
            "This password is easily guessed: avoid your name, your address and repetitions.");
        Say("password-wrong", "Ce n’est pas votre mot de passe actuel.", "This isn’t your present password.");
        Say("token-role",
            "Un jeton lit, ou fait le travail de billetterie\u202F; il n’administre pas.",
            "A token reads, or does box-office work; it doesn’t administer.");
        Say("expiry-past", "Choisissez une date à venir.", "Choose a date to come.");
        Say("too-many-tokens", "{0:n} jetons sont déjà en service\u00A0: révoquez-en un.", "{0:n} tokens already work: revoke one.");
        Say("token-unknown", "Ce jeton n’est plus dans la liste.", "This token is no longer in the list.");
        Say("organisation-exists",
            "Cette installation a déjà sa première structure\u00A0: connectez-vous.",
            "This installation already has its first organisation: sign in.");
        Say("season-month-unknown", "Choisissez le mois où vos saisons commencent.", "Choose the month in which your seasons begin.");
        Say("setup-code-wrong", "Ce n’est pas le code affiché dans la console de Guichet.", "This isn’t the code shown on Guichet’s console.");
    }
}
