using Guichet.Words;

namespace Guichet.Reporting;

/// <summary>What templates, letterheads and runs of reports refuse.</summary>
internal sealed class ReportRefusalTexts : RefusalTexts
{
    public ReportRefusalTexts()
    {
        Say("columns-missing", "Choisissez au moins une colonne : un rapport sans chiffre ne dit rien.", "Choose at least one column: a report without a figure says nothing.");
        Say("column-unknown", "Cette colonne n’existe pas. Choisissez-en une dans la liste.", "This column doesn’t exist. Choose one from the list.");
        Say("column-twice", "Cette colonne est choisie deux fois : retirez l’une des deux.", "This column is chosen twice: remove one of them.");
        Say("breakdown-unknown", "Choisissez un détail : aucun, par catégorie, par tarif ou par réseau.", "Choose a detail: none, by category, by price or by channel.");
        Say("language-unknown", "Choisissez une langue : celle du partenaire, le français ou l’anglais.", "Choose a language: the partner’s, French or English.");
        Say("attachment-unknown", "Choisissez les pièces jointes parmi PDF, XLSX et CSV.", "Choose the attachments among PDF, XLSX and CSV.");
        Say("days-out-of-range", "Donnez un nombre de jours de 0 à {0}.", "Give a number of days from 0 to {0}.");
        Say("subject-missing", "Donnez un objet au message.", "Give the mail a subject.");
        Say("placeholder-unknown",
            "{0} n’existe pas. Vous pouvez écrire {1}, {2}, {3}, {4}, {5}, {6} ou {7}.",
            "{0} doesn’t exist. You can write {1}, {2}, {3}, {4}, {5}, {6} or {7}.");
        Say("colour-invalid", "Donnez une couleur de la forme #1f4e8c.", "Give a colour such as #1f4e8c.");
        Say("colour-too-light",
            "Cette couleur est trop claire : contraste de {0} avec le blanc, il en faut 4,5. Choisissez-en une plus foncée.",
            "This colour is too light: contrast of {0} with white, 4.5 is needed. Choose a darker one.");
        Say("logo-too-large", "Cette image pèse {0:s} : {1:s} au plus. Réduisez-la et recommencez.", "This image is {0:s}: {1:s} at most. Make it smaller and try again.");
        Say("logo-not-an-image", "Ce fichier n’est pas une image PNG ou JPEG, quel que soit son nom. Choisissez-en un autre.", "This file isn’t a PNG or JPEG image, whatever its name. Choose another.");
        Say("logo-damaged", "Cette image est abîmée ou incomplète. Enregistrez-la de nouveau, en PNG ou en JPEG.", "This image is damaged or cut short. Save it again, as PNG or JPEG.");
        Say("logo-too-wide", "Cette image est trop grande : {0} points de côté au plus. Réduisez-la et recommencez.", "This image is too large: {0} pixels a side at most. Make it smaller and try again.");
        Say("logo-unknown-kind", "Ce genre de JPEG ne s’affiche pas partout. Enregistrez l’image en PNG.", "This kind of JPEG isn’t shown everywhere. Save the image as PNG.");
        Say("run-exists", "Cet envoi est déjà parti.", "These reports have already been sent.");
        Say("run-unknown", "Cet envoi n’existe pas.", "There is no such sending.");
        Say("partners-missing", "Choisissez au moins un partenaire.", "Choose at least one partner.");
        Say("preview-too-old",
            "L’aperçu date de plus d’une heure. Il vient d’être refait avec les chiffres d’à présent : vérifiez-le, puis envoyez.",
            "The preview is more than an hour old. It has been made again with the figures of now: check it, then send.");
        Say("preview-ahead", "L’aperçu porte une heure à venir. Rechargez la page et recommencez.", "The preview has a time to come. Reload the page and start again.");
        Say("occurrence-missed", "Cet envoi est trop en retard pour partir encore.", "This sending is too late to leave any more.");
    }
}
