using Guichet.Words;

namespace Guichet.Links;

/// <summary>What links refuse, and why webhooks fail.</summary>
internal sealed class LinkRefusalTexts : RefusalTexts
{
    public LinkRefusalTexts()
    {
        Say("counterpart-missing", "Choisissez une structure.", "Choose an organisation.");
        Say("counterpart-twice", "Choisissez une structure ou un partenaire sans Guichet, pas les deux.", "Choose an organisation or a partner without Guichet, not both.");
        Say("counterpart-is-self", "C’est votre propre structure\u00A0: choisissez-en une autre.", "This is your own organisation: choose another.");
        Say("counterpart-unknown",
            "Cette structure n’est pas dans l’annuaire. Demandez-lui de s’y rendre visible, dans ses réglages.",
            "This organisation isn’t in the directory. Ask it to make itself visible there, in its settings.");
        Say("outside-only-receives", "Un partenaire sans Guichet n’a pas de pointages à envoyer\u00A0: il ne peut que recevoir.", "A partner without Guichet has no tallies to send: it can only receive.");
        Say("secret-invalid", "La clé n’a pas pu être faite. Rechargez la page et recommencez.", "The secret could not be made. Reload the page and start again.");
        Say("session-missing", "Choisissez une séance, ou décrivez-la.", "Choose a session, or describe it.");
        Say("session-not-shareable",
            "Cette séance n’est pas (ou plus) proposée au partage. Choisissez-en une autre, ou décrivez celle que vous voulez.",
            "This session isn’t offered for sharing (any more). Choose another, or describe the one you would like.");
        Say("scope-is-the-senders", "C’est à la structure qui envoie de choisir les catégories et les réseaux partagés.", "It is for the sending organisation to choose the categories and channels shared.");
        Say("scope-empty", "Cochez au moins une case\u00A0: sinon rien ne serait partagé.", "Tick at least one box: otherwise nothing would be shared.");
        Say("receiving-missing", "Choisissez la séance où recevoir, ou demandez d’en créer une.", "Choose the session to receive in, or have one created.");
        Say("receiving-invalid", "La séance à créer n’a pas pu être préparée. Rechargez la page et recommencez.", "The session to create could not be prepared. Reload the page and start again.");
        Say("session-receives-already",
            "Cette séance reçoit déjà les pointages de {0}\u00A0: une séance n’a qu’une source. Choisissez-en une autre.",
            "This session already receives the tallies of {0}: a session has one source only. Choose another.");
        Say("counterpart-session-unavailable",
            "La séance de {0} ne peut plus prendre part à cette liaison. Voyez avec cette structure.",
            "The session of {0} can no longer take part in this link. Ask that organisation.");
        Say("expiry-out-of-range", "Une demande reste ouverte de {0} à {1} jours.", "A request stays open for {0} to {1} days.");
        Say("link-exists", "Cette demande est déjà partie.", "This request has already been sent.");
        Say("link-already-there",
            "Une liaison ou une demande existe déjà entre vous pour cette séance.",
            "There is a link or a request between you for this session already.");
        Say("link-answered", "Cette demande a déjà eu sa réponse. Rechargez la page pour la voir.", "This request has been answered already. Reload the page to see how.");
        Say("link-not-yours-to-answer", "C’est à l’autre structure de répondre à votre demande.", "It is for the other organisation to answer your request.");
        Say("link-not-yours-to-withdraw", "Seule la structure qui a fait la demande peut la retirer\u00A0; vous pouvez la refuser.", "Only the organisation that asked can withdraw the request; you can refuse it.");
        Say("link-expired", "Cette demande a expiré ({0:t}). Elle peut être refaite.", "This request expired ({0:t}). It can be made again.");
        Say("link-not-accepted", "Cette demande n’a pas encore été acceptée.", "This request has not been accepted yet.");
        Say("link-over", "Cette liaison est terminée\u00A0; il faut en demander une nouvelle.", "This link is over; ask for a new one.");
        Say("link-suspended-by-other", "C’est {0} qui a suspendu la liaison\u00A0: cette structure seule peut la reprendre.", "{0} has suspended the link: only that organisation can resume it.");
        Say("link-not-outside", "Ce réglage n’existe que pour un partenaire sans Guichet.", "This setting exists only for a partner without Guichet.");
        Say("webhook-missing", "Donnez l’adresse où envoyer les pointages.", "Give the address to send the tallies to.");
        Say("webhook-invalid", "Cette adresse n’est pas complète\u00A0: elle commence par https:// et ne contient ni mot de passe ni #.", "This address isn’t complete: it begins with https:// and holds neither a password nor a #.");
        Say("webhook-not-https", "L’adresse doit commencer par https:// pour que les chiffres voyagent protégés.", "The address must begin with https:// so that the figures travel protected.");
        Say("webhook-unresolvable", "Le nom {0} n’existe pas dans l’internet, ou ne répond pas. Vérifiez l’adresse.", "The name {0} doesn’t exist on the internet, or doesn’t answer. Check the address.");
        Say("webhook-private", "{0} est une adresse privée\u00A0: les pointages ne partent que vers une adresse publique.", "{0} is a private address: tallies leave only for a public one.");
        Say("webhook-status", "Le serveur du partenaire a répondu par une erreur ({0}).", "The partner’s server answered with an error ({0}).");
        Say("webhook-timeout", "Le serveur du partenaire n’a pas répondu en {0} secondes.", "The partner’s server didn’t answer within {0} seconds.");
        Say("webhook-insecure", "Le certificat du serveur du partenaire n’est pas valable.", "The certificate of the partner’s server isn’t valid.");
        Say("webhook-unreachable", "Le serveur du partenaire n’a pas pu être joint.", "The partner’s server could not be reached.");
    }
}
