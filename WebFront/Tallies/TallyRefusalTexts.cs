using Guichet.Words;

namespace Guichet.Tallies;

internal sealed class TallyRefusalTexts : RefusalTexts
{
    public TallyRefusalTexts()
    {
        Say("category-unknown", "La catégorie {0:q} n’est pas de cette séance.", "The category {0:q} isn’t one of this session’s.");
        Say("tariff-unknown", "Le tarif {0:q} n’est pas de cette séance.", "The tariff {0:q} isn’t one of this session’s.");
        Say("channel-unknown", "Le réseau {0:q} n’est pas de cette séance.", "The channel {0:q} isn’t one of this session’s.");
        Say("line-twice", "La ligne {0} · {1} · {2} est donnée deux fois : n’en gardez qu’une.", "The line {0} · {1} · {2} is given twice: keep only one.");
        Say("count-out-of-range", "{0:n} est hors limites : un nombre de places va de 0 à {1:n}.", "{0:n} is out of range: a number of seats goes from 0 to {1:n}.");
        Say("total-out-of-range", "Ce pointage compte trop de places : {0:n} au plus en tout.", "This tally counts too many seats: {0:n} at most in all.");
        Say("gross-out-of-range", "Cette recette est hors limites.", "This revenue is out of range.");
        Say("tally-changed-meanwhile",
            "Un autre pointage (version {0}) a été validé pendant votre saisie. Comparez avant de valider le vôtre.",
            "Another tally (version {0}) was validated while you were typing. Compare before you validate yours.");
        Say("tally-drop-unconfirmed",
            "Les ventes passent de {0:n} à {1:n}, une baisse de plus de 10 %. Confirmez si c’est voulu.",
            "Sales go from {0:n} down to {1:n}, more than 10% less. Confirm if that is meant.");
        Say("tally-over-capacity-unconfirmed",
            "{0:q} compte {1:n|place prise|places prises} pour une jauge de {2:n}. Confirmez si des places ont été ajoutées.",
            "{0:q} has {1:n|seat taken|seats taken} for a capacity of {2:n}. Confirm if seats were added.");
    }
}
