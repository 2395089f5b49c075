using Guichet.Words;

namespace Guichet.Partners;

/// <summary>What partners refuse.</summary>
internal sealed class PartnerRefusalTexts : RefusalTexts
{
    public PartnerRefusalTexts()
    {
        Say("link-days-out-of-range", "Donnez un nombre de jours de 1 à {0}.", "Give a number of days from 1 to {0}.");
        Say("partner-exists", "Ce partenaire existe déjà.", "This partner exists already.");
        Say("partner-unknown", "Ce partenaire n’existe pas, ou plus.", "This partner doesn’t exist, or no longer does.");
        Say("partner-archived", "Ce partenaire est archivé. Sortez-le d’abord des archives.", "This partner is archived. First take it out of the archive.");
        Say("group-unknown", "Choisissez un groupe : partenaire, agent ou lieu.", "Choose a group: partner, agent or venue.");
        Say("address-missing", "Donnez une adresse e-mail.", "Give an e-mail address.");
        Say("address-invalid",
            "{0:q} n’est pas une adresse e-mail. Il faut un nom, une arobase et un domaine, comme claire@exemple.org.",
            "{0:q} isn’t an e-mail address. It needs a name, an at sign and a domain, such as claire@example.org.");
        Say("address-twice", "L’adresse {0} est donnée deux fois : retirez l’une des deux.", "The address {0} is given twice: remove one of them.");
        Say("address-to-missing", "Il faut au moins un destinataire : un rapport ne part pas seulement en copie.", "There must be at least one recipient: a report doesn’t leave in copy only.");
        Say("recipient-kind-unknown", "Dites si l’adresse reçoit en destinataire ou en copie.", "Say whether the address receives as recipient or in copy.");
        Say("text-has-control", "Ce texte contient un caractère de contrôle. Effacez-le et tapez-le de nouveau.", "This text contains a control character. Delete it and type it again.");
        Say("association-missing", "Choisissez au moins une séance ou une série.", "Choose at least one session or series.");
        Say("pause-not-ahead", "La pause doit finir après aujourd’hui. Choisissez un jour à venir, ou aucun.", "The pause must end after today. Choose a day to come, or none.");
    }
}
