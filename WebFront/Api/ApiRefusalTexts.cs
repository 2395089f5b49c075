using Guichet.Words;

namespace Guichet.Api;

/// <summary>What only the API refuses: the form of what was sent, before anything is asked of the product.</summary>
internal sealed class ApiRefusalTexts : RefusalTexts
{
    public ApiRefusalTexts()
    {
        Say("not-signed-in", "Présentez un jeton d’accès valable : Authorization: Bearer guichet_….", "Present a valid access token: Authorization: Bearer guichet_….");
        Say("role-insufficient", "Ce jeton n’a pas le droit de faire cela. Créez-en un avec le rôle Billetterie.", "This token may not do that. Create one with the role Box office.");
        Say("not-found", "Rien ne se trouve à cette adresse.", "There is nothing at this address.");
        Say("method-not-allowed", "Cette adresse ne connaît pas cette méthode.", "This address doesn’t know this method.");
        Say("too-many-requests", "Trop de demandes à la fois. Attendez le délai indiqué par Retry-After.", "Too many requests at once. Wait for as long as Retry-After says.");
        Say("unavailable", "Le service ne peut pas répondre pour l’instant. Rien n’a été confirmé : renvoyez la même demande avec la même Idempotency-Key.",
            "The service can’t answer for the moment. Nothing was confirmed: send the same request again with the same Idempotency-Key.");
        Say("unexpected", "L’action n’a pas abouti ; l’incident est enregistré.", "That did not complete; the incident is on record.");
        Say("body-too-large", "Ce contenu est trop grand : {0:s} au plus.", "This content is too large: {0:s} at most.");
        Say("not-json", "Envoyez du JSON, avec Content-Type: application/json.", "Send JSON, with Content-Type: application/json.");
        Say("json-malformed",
            "Ce JSON ne se lit pas (ligne {0}, position {1}) : il est mal formé, un champ y est deux fois, ou il est imbriqué trop profondément.",
            "This JSON can’t be read (line {0}, position {1}): it is malformed, has a member twice, or is nested too deeply.");
        Say("member-unknown", "Le champ {0:q} n’existe pas ici. Champs possibles : {1}.", "The member {0:q} doesn’t exist here. Possible members: {1}.");
        Say("member-missing", "Le champ {0:q} manque.", "The member {0:q} is missing.");
        Say("object-expected", "Un objet est attendu ici.", "An object is expected here.");
        Say("array-expected", "Une liste est attendue ici.", "An array is expected here.");
        Say("text-expected", "Un texte est attendu ici.", "A string is expected here.");
        Say("number-expected", "Un nombre entier est attendu ici.", "A whole number is expected here.");
        Say("number-out-of-range", "Ce nombre est hors limites : de {0} à {1}.", "This number is out of range: from {0} to {1}.");
        Say("yes-or-no-expected", "La valeur attendue ici est true ou false.", "The value expected here is true or false.");
        Say("choice-unknown", "{0:q} n’est pas un choix possible : {1}.", "{0:q} isn’t a possible choice: {1}.");
        Say("one-choice-expected", "Un seul choix est attendu ici.", "A single choice is expected here.");
        Say("day-invalid", "{0:q} n’est pas un jour qui existe, comme 2026-12-04.", "{0:q} isn’t a day that exists, such as 2026-12-04.");
        Say("text-has-control-character", "Ce texte contient un caractère de contrôle ou une suite qui n’est pas de l’Unicode.", "This text contains a control character or a sequence that isn’t Unicode.");
        Say("date-invalid", "{0:q} n’est pas une date et heure qui existe, comme 2026-12-04T20:30:00.", "{0:q} isn’t a date and time that exists, such as 2026-12-04T20:30:00.");
        Say("instant-invalid", "{0:q} n’est pas un instant avec décalage, comme 2026-12-04T20:30:00+01:00.", "{0:q} isn’t an instant with offset, such as 2026-12-04T20:30:00+01:00.");
        Say("amount-invalid", "{0:q} n’est pas un montant en {1} : des chiffres, un point, {2} décimales au plus.", "{0:q} isn’t an amount in {1}: digits, a point, {2} decimals at most.");
        Say("amount-in-other-currency", "Ce montant est en {0}, la séance est en {1}.", "This amount is in {0}, the session is in {1}.");
        Say("cursor-invalid", "Ce curseur n’est pas de cette liste. Reprenez au début, sans curseur.", "This cursor isn’t of this list. Start again without one.");
        Say("idempotency-key-invalid", "Idempotency-Key compte de 1 à 255 caractères ASCII visibles.", "Idempotency-Key has 1 to 255 visible ASCII characters.");
        Say("if-match-missing", "Envoyez If-Match avec l’ETag lu, pour ne pas écraser le changement d’un autre.", "Send If-Match with the ETag that you read, so as not to overwrite someone else’s change.");
        Say("if-match-invalid", "If-Match doit être l’ETag lu, comme \"3\".", "If-Match must be the ETag that was read, such as \"3\".");
        Say("bounce-media-type", "Envoyez l’avis brut avec Content-Type: message/rfc822, ou du JSON.", "Send the raw notification with Content-Type: message/rfc822, or JSON.");
        Say("bounce-malformed", "Ce contenu n’est pas un message : envoyez l’avis tel que le serveur l’a reçu, en-têtes compris.", "This isn’t a mail: send the notification as the server received it, headers included.");
        Say("bounce-recipient-missing",
            "Rien ne dit de quel message il s’agit : donnez en recipient l’adresse qui a reçu l’avis, avec ce qui suit le +.",
            "Nothing says which mail this is about: give in recipient the address that received the notification, with what follows the +.");
        Say("bounce-unknown", "Aucun message de votre organisation n’est parti avec cette adresse de retour.", "No mail of your organisation left with this return address.");
        Say("tally-unknown", "Cette séance n’a pas encore ce pointage.", "This session doesn’t have that tally yet.");
        Say("draft-unknown", "Cette séance n’a pas de brouillon de pointage.", "This session has no draft tally.");
        Say("series-of-other-show", "Cette série est d’un autre spectacle.", "This series is of another show.");
    }
}
