using Guichet.Words;

namespace Guichet.Contacts;

/// <summary>What contacts refuse.</summary>
internal sealed class ContactRefusalTexts : RefusalTexts
{
    public ContactRefusalTexts()
    {
        Say("contact-exists", "Ce contact existe déjà.", "This contact exists already.");
        Say("contact-unknown", "Ce contact n’existe pas, ou plus.", "This contact doesn’t exist, or no longer does.");
        Say("kind-unknown", "Dites si c’est un individuel ou une structure.", "Say whether this is an individual or a structure.");
        Say("kind-fixed", "Un individuel ne devient pas une structure, ni l’inverse. Créez un autre contact.", "An individual doesn’t become a structure, nor the reverse. Create another contact.");
        Say("type-unknown", "Ce type n’existe pas. Choisissez parmi guide, fournisseur, partenaire, producteur et support.", "There is no such type. Choose among guide, supplier, partner, producer and support.");
        Say("contact-name-missing", "Donnez un nom, avec au moins une lettre ou un chiffre.", "Give a name, with at least one letter or digit.");
        Say("individuals-only", "Seul un individuel a cette information. Videz ce champ.", "Only an individual has this. Empty the field.");
        Say("structures-only", "Seule une structure a cette information. Videz ce champ.", "Only a structure has this. Empty the field.");
        Say("birth-date-impossible", "Personne ne peut être né le {0:d}. Corrigez la date.", "Nobody can be born on {0:d}. Correct the date.");
        Say("contact-email-invalid",
            "{0:q} n’est pas une adresse e-mail. Il faut un nom, une arobase et un domaine, comme claire@exemple.org.",
            "{0:q} isn’t an e-mail address. It needs a name, an at sign and a domain, such as claire@example.org.");
        Say("email-twice", "L’adresse {0} est donnée deux fois : retirez l’une des deux.", "The address {0} is given twice: remove one of them.");
        Say("phone-unreadable",
            "{0:q} n’est pas un numéro de téléphone, lu comme on compose dans le pays {1}. Pour un autre pays, commencez par + et son indicatif ; n’ajoutez pas de poste.",
            "{0:q} isn’t a telephone number, read as dialled in the country {1}. For another country, begin with + and its code; don’t add an extension.");
        Say("iban-wrong", "Cet IBAN est faux : sa clé ne correspond pas. Comparez-le avec le relevé.", "This IBAN is wrong: its check digits don’t match. Compare it with the bank’s paper.");
        Say("main-address-not-one", "Parmi les adresses, une et une seule est la principale. Choisissez laquelle.", "Of the addresses, one and one only is the main one. Choose which.");
        Say("address-kind-unknown", "Dites si l’adresse est la principale, de livraison ou de facturation.", "Say whether the address is the main one, for delivery or for billing.");
        Say("country-unknown", "{0:q} n’est pas un code de pays. Il faut deux lettres, comme FR ou BE.", "{0:q} isn’t a country’s code. It takes two letters, such as FR or BE.");
        Say("postcode-not-french", "{0:q} n’est pas un code postal français : il en faut les cinq chiffres. Pour une adresse ailleurs, changez le pays.", "{0:q} isn’t a French postcode: it takes five digits. For an address elsewhere, change the country.");
        Say("merge-nobody", "Choisissez au moins une autre fiche à fusionner.", "Choose at least one other record to merge.");
        Say("merge-with-itself", "Une fiche ne se fusionne pas avec elle-même, et chacune une seule fois.", "A record isn’t merged with itself, and each only once.");
        Say("merged-contact-unknown", "Une des fiches n’existe pas, ou plus. Revenez à la liste et choisissez de nouveau.", "One of the records doesn’t exist, or no longer does. Go back to the list and choose again.");
        Say("contact-merged", "La fiche n° {0} a été fusionnée dans une autre : changez celle qui reste.", "Record no. {0} was merged into another: change the one that stays.");
        Say("merge-of-two-kinds", "Une personne et une structure ne se fusionnent pas.", "A person and a structure aren’t merged.");
        Say("merge-unknown", "Cette fusion n’existe pas, est déjà annulée, ou est trop ancienne pour l’être.", "There is no such merge, it is undone already, or it is too old to be undone.");
        Say("merge-not-last", "Annulez d’abord les fusions plus récentes de cette fiche.", "Undo the later merges of this record first.");
        Say("contact-erased", "Le contact n° {0} est effacé : il ne reste de lui que ses montants et ses dates, et rien ne s’y change.", "Contact no. {0} is erased: only its amounts and dates remain, and nothing of it is changed.");
        Say("words-erased", "Cette demande a déjà été traitée ; sa réponse a été effacée avec un contact. Rechargez la page.", "This request was dealt with already; its answer was erased with a contact. Reload the page.");
        Say("erasure-ground-unknown", "Choisissez le motif de l’effacement.", "Choose the ground of the erasure.");
        Say("erasure-note-names", "Cette note nomme le contact, et elle reste après l’effacement. Écrivez-la sans son nom, son e-mail ni son téléphone.", "This note names the contact, and it stays after the erasure. Write it without the name, e-mail or phone.");
        Say("erasure-not-confirmed", "Tapez le numéro du contact, {0}, pour confirmer : rien n’a été effacé.", "Type the contact’s number, {0}, to confirm: nothing was erased.");
        Say("contact-merging", "Une fusion de cette fiche est en cours. Recommencez dans un instant.", "A merge of this record is under way. Try again in a moment.");
        Say("contact-being-imported", "L’import du fichier {0:q} n’en a pas fini avec cette fiche. Attendez sa fin, ou reprenez-le s’il est arrêté.", "The import of the file {0:q} isn’t done with this record. Wait for its end, or resume it if it is stopped.");
        Say("erasure-register-unavailable",
            "Le registre des effacements ne peut pas être écrit : rien n’a été effacé. Prévenez qui exploite l’installation ; sa page Exploitation dit pourquoi.",
            "The register of erasures can’t be written: nothing was erased. Tell whoever runs the installation; its operations page says why.");
        Say("job-exists", "Ce travail est déjà lancé.", "This work is already started.");
        Say("job-unknown", "Ce travail n’existe pas.", "There is no such work.");
        Say("job-finished", "Ce travail est terminé : il n’y a plus rien à arrêter.", "This work is done: there is nothing left to stop.");
        Say("note-missing", "Écrivez la note.", "Write the note.");
        Say("note-unknown", "Cette note n’existe plus : elle a été retirée.", "This note is no longer there: it was removed.");
        Say("criterion-invalid", "Ce critère n’a pas la forme d’un code : lettres minuscules, chiffres et tirets, 64 au plus.", "This criterion hasn’t the form of a code: small letters, digits and hyphens, at most 64.");
        Say("criterion-unknown", "Le critère {0:q} n’existe pas dans votre structure. Choisissez-en un autre, ou définissez-le dans les réglages.", "Your organisation has no criterion {0:q}. Choose another, or define it in the settings.");
        Say("criterion-retired", "Le critère {0:q} n’est plus proposé : un contact peut le garder, pas le recevoir.", "The criterion {0:q} is no longer offered: a contact may keep it, not be given it.");
        Say("criterion-single", "Le critère {0:q} n’a qu’une valeur par contact. Choisissez laquelle.", "The criterion {0:q} has one value for each contact. Choose which.");
        Say("criterion-value-unknown", "Le critère {1:q} n’a pas de valeur {0:q}. Choisissez parmi les siennes.", "The criterion {1:q} has no value {0:q}. Choose among its own.");
        Say("criterion-value-retired", "La valeur {0:q} n’est plus proposée : un contact peut la garder, pas la recevoir.", "The value {0:q} is no longer offered: a contact may keep it, not be given it.");
        Say("criterion-kind-fixed", "Un critère d’individuels ne devient pas un critère de structures, ni l’inverse. Définissez-en un autre.", "A criterion of individuals doesn’t become one of structures, nor the reverse. Define another.");
        Say("criterion-values-missing", "Donnez au moins une valeur.", "Give at least one value.");
        Say("criterion-code-twice", "Le code {0:q} est donné deux fois : changez l’un des deux.", "The code {0:q} is given twice: change one of them.");
        Say("category-twice", "La catégorie {0:q} est donnée deux fois : retirez l’une des deux.", "The category {0:q} is given twice: remove one of them.");
        Say("label-missing", "Donnez un libellé.", "Give a label.");
        Say("criterion-missing", "Donnez aussi le critère dont c’est la valeur.", "Give the criterion too whose value this is.");
        Say("tag-missing", "Une étiquette a au moins une lettre ou un chiffre.", "A tag has at least one letter or digit.");
        Say("search-field-unknown", "Ce champ n’existe pas dans une recherche de contacts. Retirez-le.", "There is no such field in a search for contacts. Remove it.");
        Say("search-phone-unreadable", "{0:q} n’est pas le début d’un numéro de téléphone. Donnez au moins trois chiffres, sans lettres.", "{0:q} isn’t the beginning of a telephone number. Give at least three digits, without letters.");
        Say("saved-search-exists", "Cette recherche est déjà enregistrée.", "This search is saved already.");
        Say("saved-search-unknown", "Cette recherche n’existe pas, ou n’est pas partagée avec vous.", "There is no such search, or it isn’t shared with you.");
        Say("saved-search-anothers", "Cette recherche est à {0} : seule cette personne la change, ou un administrateur. Enregistrez-en une autre.", "This search is {0}’s: only that person changes it, or an administrator. Save another.");
        Say("saved-search-removed", "Cette recherche a été supprimée. Enregistrez-la de nouveau depuis la liste.", "This search was removed. Save it again from the list.");
        Say("saved-search-name-missing", "Donnez un nom à cette recherche.", "Give this search a name.");
        Say("bulk-nothing", "Dites ce qui change : une étiquette à mettre ou à retirer, ou un critère.", "Say what changes: a tag to put or take off, or a criterion.");
        Say("seat-place-missing", "Dites dans quel lieu est cette place.", "Say in which house this seat is.");
        Say("consent-channel-unknown", "Choisissez e-mail, SMS, téléphone ou courrier.", "Choose e-mail, SMS, telephone or post.");
        Say("category-missing", "Dites à quoi la personne consent.", "Say what the person consents to.");
        Say("proof-missing", "Dites où la personne s’est exprimée : un formulaire, un guichet, une lettre.", "Say where the person said so: a form, a desk, a letter.");
        Say("proof-to-come", "Cette date est à venir. Donnez le moment où la personne s’est exprimée.", "This date is to come. Give the moment when the person said so.");
        Say("wording-missing", "Donnez le texte que la personne a lu : sans lui, le consentement ne se prouve pas.", "Give the words that the person read: without them, the consent can’t be shown.");
        Say("withdrawn-before-given", "Ce consentement a été donné le {0:t} : son retrait ne peut être antérieur.", "This consent was given on {0:t}: its withdrawal can’t be earlier.");
        Say("relation-kind-unknown", "Choisissez une relation : enfant, relais, membre ou filiale.", "Choose a relation: child, relay, member or subsidiary.");
        Say("relation-to-itself", "Un contact n’a pas de relation avec lui-même. Choisissez-en un autre.", "A contact has no relation with itself. Choose another.");
        Say("related-contact-unknown", "L’autre contact n’existe pas. Cherchez-le, ou créez-le d’abord.", "The other contact doesn’t exist. Search for it, or create it first.");
        Say("relation-between-wrong-kinds",
            "Cette relation ne va pas entre ces deux contacts : un enfant et son parent sont des individuels, un relais ou un membre est l’individuel d’une structure, une filiale et sa mère sont des structures.",
            "This relation doesn’t go between these two: child and parent are individuals, a relay or member is an individual of a structure, a subsidiary and its mother are structures.");
        Say("relation-circular", "L’autre contact est déjà, de proche en proche, sous celui-ci : la relation ferait un cercle. Retirez l’autre d’abord.", "The other contact is already, step by step, under this one: the relation would make a circle. Remove the other first.");
        Say("relation-ends-before", "La relation finirait avant de commencer, le {0:d}. Corrigez l’une des dates.", "The relation would end before it begins, on {0:d}. Correct one of the dates.");
        Say("contact-held", "Cette fiche est à conserver ({0}, noté par {1}). Levez cette conservation d’abord.", "This record is to be kept ({0}, noted by {1}). Lift that first.");
        Say("contact-active", "Il s’est passé quelque chose avec ce contact entre-temps : il est gardé.", "Something happened with this contact meanwhile: it is kept.");
        Say("hold-reason-missing", "Dites pourquoi cette fiche est à conserver.", "Say why this record is to be kept.");
        Say("retention-rules-missing", "Il n’y a encore aucune règle. Ajoutez-en une d’abord.", "There is no rule yet. Add one first.");
        Say("retention-rule-invalid", "Cette règle n’est pas complète. Revenez à la liste et recommencez.", "This rule isn’t complete. Go back to the list and begin again.");
        Say("retention-name-missing", "Donnez un nom à cette règle.", "Give this rule a name.");
        Say("retention-months-out-of-range", "Donnez un nombre de mois entre {0:n} et {1:n}.", "Give a number of months from {0:n} to {1:n}.");
        Say("retention-preview-stale", "Cet aperçu n’est plus le dernier, ou date de plus d’une semaine. Faites-en un nouveau et lisez-le.", "This preview is no longer the last, or is more than a week old. Make a new one and read it.");
        Say("retention-preview-unfinished", "L’aperçu n’est pas terminé. Attendez son résultat.", "The preview isn’t done. Wait for its result.");
        Say("retention-count-differs", "L’aperçu en a trouvé {0:n}. Tapez ce nombre, si c’est bien ce que vous voulez.", "The preview found {0:n}. Type this number, if that is what you want.");
        Say("retention-busy", "Un effacement est déjà en cours, ou arrêté. Reprenez-le, ou faites un nouvel aperçu.", "An erasure is already under way, or stopped. Go on with it, or make a new preview.");
        Say("retention-nobody", "L’aperçu n’a trouvé personne à effacer.", "The preview found nobody to erase.");
        Say("retention-gone", "La fiche n’était plus là : effacée ou fusionnée entre-temps.", "The record was no longer there: erased or merged meanwhile.");
        Say("account-exists", "Ce contact a déjà un compte internet.", "This contact has an internet account already.");
        Say("account-unknown", "Ce contact n’a pas de compte internet. Créez-le d’abord.", "This contact has no internet account. Create it first.");
        Say("account-email-missing",
            "Il faut une adresse e-mail au contact : le lien pour choisir son mot de passe y part.",
            "The contact needs an e-mail address: the link to choose its password is sent to it.");
        Say("account-archived", "Ce contact est archivé : sortez-le d’abord des archives.", "This contact is archived: first take it out of the archive.");
        Say("account-suspended", "Ce compte est suspendu : reprenez-le d’abord.", "This account is suspended: resume it first.");
        Say("account-identifier-invalid",
            "Un identifiant a au moins {0:n} caractères, sans espace : une adresse e-mail, par exemple.",
            "An identifier has at least {0:n} characters, without blanks: an e-mail address, for instance.");
        Say("account-identifier-taken",
            "L’identifiant {0} est déjà celui de {1} [{2}]. Donnez-en un autre, ou changez d’abord le sien.",
            "The identifier {0} is already that of {1} [{2}]. Give another, or first change theirs.");
        Say("account-link-used", "Ce lien a déjà servi, ou a été remplacé : demandez-en un autre.", "This link has already been used, or was replaced: ask for another.");
        Say("account-own-only", "Seul le contact lui-même peut faire cela, dans son espace.", "Only the contact itself can do this, in its space.");
        Say("support-only", "Seul un contact de type support, dont le compte est ouvert, peut faire cela.", "Only a contact of type support, whose account is open, can do this.");
        Say("support-nobody",
            "Aucun client avec un compte ne correspond, ou plusieurs ont cette adresse. Vérifiez ce qu’il a dit, ou prenez son identifiant ou son numéro.",
            "No client with an account matches, or several have that address. Check what was said, or take the identifier or number.");
        Say("support-reason-missing", "Dites pourquoi, en quelques mots : c’est ce que le client lira.", "Say why, in a few words: it is what the client will read.");
        Say("support-visit-over", "Une visite dure une heure, et ne montre que les pages du client. Donnez de nouveau un motif pour continuer.", "A visit lasts an hour, and shows the client’s pages alone. Give a reason again to go on.");
        Say("producer-type-missing",
            "{0} n’est pas de type producteur. Donnez-lui ce type sur sa fiche, puis associez-le.",
            "{0} isn’t of type producer. Give it that type on its record, then associate it.");
        Say("production-unknown", "Cette séance ou cette série n’existe pas, ou plus.", "This session or series doesn’t exist, or no longer does.");
    }
}
