namespace Guichet.Words;

/// <summary>Refusals that several features make.</summary>
internal sealed class SharedRefusalTexts : RefusalTexts
{
    public SharedRefusalTexts()
    {
        Say("command-reused",
            "Cette demande a déjà été envoyée avec un autre contenu. Rechargez la page et recommencez.",
            "This request was already sent with other content. Reload the page and start again.");
        Say("changed-meanwhile",
            "Quelqu’un a modifié cette fiche pendant votre saisie. Rechargez la page pour voir ses changements, puis reprenez les vôtres.",
            "Someone changed this record while you were typing. Reload the page to see their changes, then make yours again.");
        Say("name-missing", "Donnez un nom.", "Give a name.");
        Say("name-twice", "Le nom {0:q} est donné deux fois : changez l’un des deux.", "The name {0:q} is given twice: change one of them.");
        Say("title-missing", "Donnez un titre.", "Give a title.");
        Say("text-too-long", "Ce texte est trop long : {0:n|caractère|caractères} au plus.", "This text is too long: {0:n|character|characters} at most.");
        Say("text-not-one-line", "Ce texte doit tenir sur une ligne, sans caractère de contrôle.", "This text must be a single line, without control characters.");
        Say("too-many", "Il y en a trop : {0:n} au plus.", "There are too many: {0:n} at most.");
        Say("zone-unknown", "Le fuseau horaire {0:q} n’existe pas. Choisissez-en un dans la liste, par exemple Europe/Paris.", "The time zone {0:q} doesn’t exist. Choose one from the list, Europe/Paris for instance.");
        Say("currency-unknown", "La devise {0:q} n’est pas un code de trois lettres comme EUR.", "The currency {0:q} isn’t a three-letter code such as EUR.");
        Say("id-invalid", "L’identifiant est mal formé ou déjà pris. Rechargez la page et recommencez.", "The identifier is malformed or already taken. Reload the page and start again.");
    }
}
