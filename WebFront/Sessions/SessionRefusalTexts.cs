using Guichet.Words;

namespace Guichet.Sessions;

internal sealed class SessionRefusalTexts : RefusalTexts
{
    public SessionRefusalTexts()
    {
        Say("show-missing", "Choisissez le spectacle.", "Choose the show.");
        Say("place-missing", "Indiquez le lieu.", "Give the place.");
        Say("categories-missing", "Ajoutez au moins une catégorie de places.", "Add at least one category of seats.");
        Say("tariffs-missing", "Ajoutez au moins un tarif.", "Add at least one tariff.");
        Say("channels-missing", "Ajoutez au moins un réseau de vente.", "Add at least one sales channel.");
        Say("capacity-out-of-range", "La jauge de {0:q} doit être comprise entre 0 et {1:n}.", "The capacity of {0:q} must be between 0 and {1:n}.");
        Say("vat-out-of-range", "Le taux de TVA va de 0 à 100 %.", "A VAT rate is between 0 and 100%.");
        Say("price-out-of-range", "Le prix de {0:q} doit être compris entre 0 et {1:m}.", "The price of {0:q} must be between 0 and {1:m}.");
        Say("date-out-of-range", "La date doit être comprise entre {0} et {1}.", "The date must be between {0} and {1}.");
        Say("currency-fixed", "La devise ne change plus : des pointages sont déjà comptés en {0}.", "The currency can’t change any more: tallies are already counted in {0}.");
        Say("currency-differs", "Les pointages reçus sont en {0}, cette séance est en {1} : elles ne peuvent pas être liées.", "The tallies received are in {0}, this session is in {1}: they can’t be linked.");
        Say("category-used", "La catégorie {0:q} figure au dernier pointage : mettez-y ses ventes à zéro avant de l’ôter.", "The category {0:q} is in the last tally: set its sales to zero there before removing it.");
        Say("tariff-used", "Le tarif {0:q} figure au dernier pointage : mettez-y ses ventes à zéro avant de l’ôter.", "The tariff {0:q} is in the last tally: set its sales to zero there before removing it.");
        Say("channel-used", "Le réseau {0:q} figure au dernier pointage : mettez-y ses ventes à zéro avant de l’ôter.", "The channel {0:q} is in the last tally: set its sales to zero there before removing it.");
        Say("session-unknown", "Cette séance n’existe pas, ou plus.", "This session doesn’t exist, or no longer does.");
        Say("session-exists", "Cette séance existe déjà.", "This session already exists.");
        Say("session-cancelled", "Cette séance est annulée : elle ne change plus.", "This session is cancelled: it no longer changes.");
        Say("session-not-on-sale", "Cette séance n’est pas en vente.", "This session is not on sale.");
        Say("session-receives", "Cette séance reçoit les pointages de {0:q} par une liaison : ils ne se saisissent pas ici, et elle ne peut pas en envoyer.", "This session receives the tallies of {0:q} over a link: they are not entered here, and it can’t send any.");
        Say("session-sends", "Cette séance envoie déjà ses pointages à {0:q} : elle ne peut pas aussi en recevoir.", "This session already sends its tallies to {0:q}: it can’t receive any as well.");
        Say("link-unknown", "Cette liaison n’existe pas, ou plus.", "This link doesn’t exist, or no longer does.");
        Say("link-ended", "Cette liaison est terminée.", "This link is over.");
        Say("link-not-live", "Cette liaison est suspendue.", "This link is suspended.");
        Say("show-unknown", "Ce spectacle n’existe pas, ou plus.", "This show doesn’t exist, or no longer does.");
        Say("show-exists", "Ce spectacle existe déjà.", "This show already exists.");
        Say("series-unknown", "Cette série n’existe pas, ou plus.", "This series doesn’t exist, or no longer does.");
        Say("series-exists", "Cette série existe déjà.", "This series already exists.");
        Say("series-empty", "Cette série n’a aucune séance en brouillon à mettre en vente.", "This series has no draft session to put on sale.");
    }
}
