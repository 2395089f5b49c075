using Guichet.Words;

namespace Guichet.Contacts;

/// <summary>What is refused of what tills tell.</summary>
internal sealed class ContactActivityRefusalTexts : RefusalTexts
{
    public ContactActivityRefusalTexts()
    {
        Say("activities-missing", "Envoyez au moins une activité.", "Send at least one activity.");
        Say("activity-source-invalid",
            "La source est le code de votre caisse : de 1 à 40 lettres minuscules, chiffres, points, tirets ou soulignés, comme caisse-1.",
            "The source is your till’s code: 1 to 40 small letters, digits, dots, hyphens or underscores, such as till-1.");
        Say("activity-source-reserved", "La source {0:q} est réservée à Guichet. Choisissez un autre code pour votre caisse.", "The source {0:q} is Guichet’s own. Choose another code for your till.");
        Say("activity-id-invalid", "Cet identifiant compte de 1 à 100 caractères ASCII visibles, sans espace.", "This id has 1 to 100 visible ASCII characters, without blanks.");
        Say("activity-too-old", "Cet instant est antérieur à 1900. Corrigez-le.", "This instant is before 1900. Correct it.");
        Say("activity-to-come",
            "Cet instant, {0:t}, est à plus d’un jour dans le futur. Vérifiez l’horloge de la caisse et le décalage horaire envoyé.",
            "This instant, {0:t}, is more than a day in the future. Check the till’s clock and the offset that was sent.");
        Say("activity-date-impossible", "Cette date de séance ne peut pas être la bonne : de 1900 à 2199.", "This date of a session can’t be right: 1900 to 2199.");
        Say("activity-choice-unknown", "Ce choix n’existe pas.", "There is no such choice.");
        Say("activity-content-not-one",
            "Donnez une et une seule chose : purchase, cancellation, attendance, payment ou message.",
            "Give one thing and one only: purchase, cancellation, attendance, payment or message.");
        Say("activity-twice", "L’identifiant {0:q} est deux fois dans cet envoi. Gardez la dernière version.", "The id {0:q} is there twice. Keep its last version.");
        Say("activity-of-another-contact",
            "L’activité {0:q} est déjà enregistrée chez un autre contact. Vérifiez l’identifiant, ou le contact.",
            "The activity {0:q} is recorded with another contact already. Check the id, or the contact.");
        Say("activity-kind-fixed", "L’activité {0:q} est déjà enregistrée sous une autre nature. Donnez un autre identifiant.", "The activity {0:q} is recorded as another kind already. Give another id.");
        Say("activity-changed-without-revision",
            "L’activité {0:q} est déjà enregistrée avec un autre contenu à la révision {1}. Pour la corriger, envoyez une révision supérieure.",
            "The activity {0:q} is recorded with other content at revision {1} already. To correct it, send a higher revision.");
        Say("activity-order-missing", "Donnez le numéro de commande.", "Give the order’s number.");
        Say("activity-title-missing", "Donnez le titre : le spectacle, la séance ou le produit.", "Give the title: the show, the session or the product.");
        Say("purchase-without-lines", "Un achat a au moins une ligne.", "A purchase has at least one line.");
        Say("purchase-unknown",
            "Ce contact n’a pas d’achat {0:q} de cette source. Envoyez d’abord l’achat, ou dans le même envoi.",
            "This contact has no purchase {0:q} of this source. Send the purchase first, or together.");
        Say("purchase-line-unknown", "L’achat {0:q} n’a pas cette ligne : elles vont de 1 à {1}.", "The purchase {0:q} has no such line: they go from 1 to {1}.");
        Say("cancelled-more-than-bought",
            "Avec les annulations déjà reçues, cela ferait plus que les {1} de cette ligne de l’achat {0:q}.",
            "With the cancellations received already, that would be more than the {1} of this line of the purchase {0:q}.");
        Say("given-back-more-than-paid",
            "Avec les annulations déjà reçues, cela rendrait plus que les {1} {2} de cette ligne de l’achat {0:q}.",
            "With the cancellations received already, that would give back more than the {1} {2} of this line of the purchase {0:q}.");
        Say("cancellation-in-other-currency", "Cette annulation est en {0}, l’achat {1:q} en {2}.", "This cancellation is in {0}, the purchase {1:q} in {2}.");
        Say("cancellation-of-fixed", "Cette annulation porte sur l’achat {0:q} : une correction ne la déplace pas sur un autre.", "This cancellation is of the purchase {0:q}: a correction doesn’t move it to another.");
        Say("quantity-negative",
            "Une quantité n’est pas négative. Pour reprendre un achat, envoyez une annulation (cancellation) qui le nomme.",
            "A quantity isn’t negative. To take back a purchase, send a cancellation that names it.");
        Say("amount-negative",
            "Un montant n’est pas négatif. Pour rendre de l’argent, envoyez une annulation, ou un paiement avec refund.",
            "An amount isn’t negative. To give money back, send a cancellation, or a payment with refund.");
        Say("amount-zero", "Un paiement de zéro n’en est pas un. Retirez-le.", "A payment of nothing is none. Leave it out.");
        Say("amount-too-large", "Ce montant est trop grand pour être vrai. Vérifiez l’unité.", "This amount is too large to be true. Check its unit.");
        Say("amounts-in-two-currencies", "Les lignes d’un achat sont dans une seule devise, ici {0}. Faites-en deux achats.", "The lines of a purchase are in one currency, here {0}. Make it two purchases.");
        Say("validity-ends-before", "Cette validité finirait avant de commencer, le {0:d}. Corrigez l’une des dates.", "This validity would end before it begins, on {0:d}. Correct one of the dates.");
        Say("payment-means-missing", "Dites comment cela a été payé : par carte, en espèces, par chèque ou par virement.", "Say how it was paid: by card, in cash, by cheque or by transfer.");
        Say("message-subject-missing", "Donnez l’objet du message.", "Give the message’s subject.");
        Say("contact-not-named", "Nommez le contact d’une façon et d’une seule : number, reference ou email.", "Name the contact in one way and one only: number, reference or email.");
        Say("contact-not-found", "Aucun contact n’a {0:q}. Créez-le d’abord, ou corrigez.", "No contact has {0:q}. Create it first, or correct this.");
        Say("contact-ambiguous", "Plusieurs contacts ont {0:q} : {1}. Donnez le numéro du bon.", "Several contacts have {0:q}: {1}. Give the number of the right one.");
        Say("activity-unknown", "Cette activité n’existe pas, ou n’est pas de ce contact.", "There is no such activity, or it isn’t this contact’s.");
        Say("history-unknown", "Les historiques sont messages, purchases, cultural et payments.", "The histories are messages, purchases, cultural and payments.");
    }
}
