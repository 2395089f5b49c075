using Guichet.Words;

namespace Guichet.Imports;

/// <summary>Why a file, a line or a cell of it isn't taken, and the mend. Several codes mean something else elsewhere: only these pages ask.</summary>
internal sealed class ImportRefusalTexts : RefusalTexts
{
    public override bool IsShared => false;

    public ImportRefusalTexts()
    {
        OfFiles();
        OfCells();
        OfValues();
        OfMappings();
        OfSessions();
        OfPartners();
        OfContacts();
    }

    private void OfPartners()
    {
        Say(ImportCodes.AddressInvalid,
            "Ce n’est pas une adresse e-mail. Il faut un nom, une arobase et un domaine, comme claire@exemple.org.",
            "This isn’t an e-mail address. It needs a name, an at sign and a domain, such as claire@example.org.");
        Say(ImportCodes.GroupUnknown, "Ce groupe n’existe pas. Écrivez partenaire, agent ou lieu.", "This group doesn’t exist. Write partner, agent or venue.");
        Say(ImportCodes.LanguageUnknown, "Les rapports existent en français et en anglais. Écrivez l’un des deux.", "Reports exist in French and in English. Write one of the two.");
        Say(ImportCodes.PartnerAmbiguous, "Ce peut être plusieurs partenaires : {*}. Donnez une adresse qu’un seul possède, ou renommez-en un.", "This may be several partners: {*}. Give an address that only one of them has, or rename one.");
        Say(ImportCodes.PartnerTwice, "Par ses adresses c’est {0:q}, comme la ligne {1}. Donnez le même nom aux deux lignes, ou corrigez l’adresse.", "By its addresses this is {0:q}, as line {1}. Give both lines the same name, or correct the address.");
    }

    private void OfContacts()
    {
        Say(ImportCodes.CardUnclosed, "Une fiche du carnet d’adresses commence ici et ne finit pas. Exportez de nouveau le carnet.", "A card of the address book begins here and doesn’t end. Export the book again.");
        Say(ImportCodes.ContactKindUnknown, "Écrivez individuel ou structure.", "Write individual or structure.");
        Say(ImportCodes.ContactTypeUnknown, "Ce type n’existe pas. Écrivez guide, fournisseur, partenaire, producteur ou support.", "This type doesn’t exist. Write guide, supplier, partner, producer or support.");
        Say(ImportCodes.YesOrNoExpected, "Écrivez oui ou non, ou laissez vide.", "Write yes or no, or leave it empty.");
        Say(ImportCodes.CountryUnread, "Ce pays n’est pas reconnu. Écrivez son nom, ou son code à deux lettres (FR, BE).", "This country isn’t recognised. Write its name, or its code of two letters (FR, BE).");
        Say(ImportCodes.ContactLanguageUnknown, "Écrivez français ou anglais.", "Write French or English.");
        Say(ImportCodes.RelationUnknown, "Écrivez relais ou membre.", "Write relay or member.");
        Say(ImportCodes.ContactNumberUnread, "Un numéro de contact est un nombre, comme 7611. Corrigez-le, ou videz la cellule.", "A contact number is a number, such as 7611. Correct it, or empty the cell.");
        Say(ImportCodes.ContactNumberUnknown, "Aucun contact n’a ce numéro. Videz la cellule pour en créer un nouveau.", "No contact has this number. Empty the cell to create a new one.");
        Say(ImportCodes.ContactNumberOfAnother, "Ce numéro est celui de {0}, qui n’a ni ce nom, ni ce prénom, ni cette adresse. Corrigez le numéro, ou videz la cellule.", "This number is that of {0}, who has neither this name, nor this first name, nor this address. Correct the number, or empty the cell.");
        Say(ImportCodes.ContactArchived, "Ce numéro est celui de {0}, qui est archivé. Ressortez-le des archives, ou videz la cellule.", "This number is that of {0}, who is archived. Bring it back from the archive, or empty the cell.");
        Say(ImportCodes.ContactAmbiguous, "Ce peut être plusieurs contacts : {*}. Donnez le numéro du bon, ou fusionnez-les.", "This may be several contacts: {*}. Give the right one’s number, or merge them.");
        Say(ImportCodes.ContactOfOtherKind, "{0} n’est pas de cette nature : un individuel ne devient pas une structure, ni l’inverse. Corrigez la ligne.", "{0} isn’t of this kind: an individual doesn’t become a structure, nor the reverse. Correct the line.");
        Say(ImportCodes.ContactTwice, "C’est le même contact qu’à la ligne {0}. Réunissez les deux lignes en une.", "This is the same contact as on line {0}. Make one line of the two.");
        Say(ImportCodes.StructureUnknown, "Aucune structure n’a ce numéro. Corrigez-le, ou écrivez son nom.", "No structure has this number. Correct it, or write its name.");
        Say(ImportCodes.StructureAmbiguous, "Plusieurs structures portent ce nom : {*}. Écrivez le numéro de la bonne.", "Several structures have this name: {*}. Write the right one’s number.");
        Say(ImportCodes.CriterionUnread, "Ce critère, ou cette valeur, n’existe pas ici. Connus : {*}. Corrigez, ou ajoutez-le dans les paramètres.", "This criterion, or value, doesn’t exist here. Known: {*}. Correct it, or add it in the settings.");
        Say(ImportCodes.CriterionUnclear, "Plusieurs critères ont cette valeur : {*}. Écrivez le critère devant, comme « Public: Senior ».", "Several criteria have this value: {*}. Write the criterion before it, as in “Audience: Senior”.");
        Say(ImportCodes.CriterionOnlyOne, "Le critère {0:q} n’a qu’une valeur par contact. N’en gardez qu’une.", "The criterion {0:q} has one value for each contact. Keep only one.");
        Say(ImportCodes.ConsentUnproven, "Un consentement se prouve : il manque {0:q}. Donnez-le par une colonne, ou comme valeur fixe.", "A consent is proven: {0:q} is missing. Give it by a column, or as a fixed value.");
        Say(ImportCodes.TooManyTags, "Plus de {0:n} étiquettes. Enlevez-en.", "More than {0:n} tags. Take some off.");
    }

    private void OfFiles()
    {
        Say(ImportCodes.FileTooLarge, "Le fichier dépasse {0:s}. Découpez-le, ou n’exportez que la période utile.", "The file is larger than {0:s}. Split it, or export only the period you need.");
        Say(ImportCodes.FileEmpty, "Le fichier ne contient aucune ligne.", "The file has no lines.");
        Say(ImportCodes.FileNotTabular,
            "Ce n’est ni un fichier CSV ni un classeur XLSX ({0}). Ouvrez-le dans votre tableur et enregistrez-le au format XLSX ou CSV.",
            "This is neither a CSV file nor an XLSX workbook ({0}). Open it in your spreadsheet and save it as XLSX or CSV.");
        Say(ImportCodes.FileEncrypted, "Le classeur est protégé par un mot de passe. Enregistrez-en une copie sans mot de passe.", "The workbook is protected by a password. Save a copy without one.");
        Say(ImportCodes.FileDamaged, "Le fichier est incomplet ou abîmé. Enregistrez-le de nouveau depuis votre tableur.", "The file is incomplete or damaged. Save it again from your spreadsheet.");
        Say(ImportCodes.FileUnpacksTooLarge, "Le contenu du classeur est démesuré. Copiez les seules lignes utiles dans un nouveau classeur.", "The workbook’s content is out of all proportion. Copy only the lines you need into a new workbook.");
        Say(ImportCodes.XmlDoctype, "Le classeur contient une déclaration qu’aucun tableur n’écrit. Copiez ses lignes dans un nouveau classeur.", "The workbook holds a declaration that no spreadsheet writes. Copy its lines into a new workbook.");
        Say(ImportCodes.SheetUnknown, "Le classeur n’a pas de feuille {0:q}.", "The workbook has no sheet {0:q}.");
        Say(ImportCodes.TooManyColumns, "La ligne a plus de {0:n} colonnes. Supprimez celles qui ne servent pas, ou vérifiez le séparateur.", "The line has more than {0:n} columns. Delete those you don’t need, or check the separator.");
        Say(ImportCodes.TooManyRows, "Le fichier a plus de {0:n} lignes. Découpez-le.", "The file has more than {0:n} lines. Split it.");
        Say(ImportCodes.TooManyCells, "Le fichier a plus de {0:n} cellules remplies. Découpez-le, ou supprimez les colonnes qui ne servent pas.", "The file has more than {0:n} filled cells. Split it, or delete the columns you don’t need.");
    }

    private void OfCells()
    {
        Say(ImportCodes.CellTooLong, "La cellule a plus de {0:n} caractères. Raccourcissez-la.", "The cell has more than {0:n} characters. Shorten it.");
        Say(ImportCodes.LineTooLong, "La ligne a plus de {0:n} caractères. Vérifiez que le fichier a bien des fins de ligne.", "The line has more than {0:n} characters. Check that the file has line ends.");
        Say(ImportCodes.ControlCharacter, "La ligne contient un caractère interdit ({0}). Exportez de nouveau le fichier, au format texte.", "The line holds a forbidden character ({0}). Export the file again, as text.");
        Say(ImportCodes.EncodingMixed, "Le fichier mélange deux encodages. Enregistrez-le de nouveau en UTF-8.", "The file mixes two encodings. Save it again as UTF-8.");
        Say(ImportCodes.QuotesUnclosed, "Un guillemet ouvert ici n’est pas refermé. Refermez-le, ou supprimez-le.", "A quote opened here isn’t closed. Close it, or delete it.");
        Say(ImportCodes.CellFormula,
            "La cellule contient une formule\u202F: son résultat enregistré peut être périmé. Copiez la feuille, puis collez-la en «\u00A0valeurs seules\u00A0».",
            "The cell holds a formula: its saved result may be out of date. Copy the sheet, then paste it as values only.");
        Say(ImportCodes.CellError, "La cellule affiche une erreur. Corrigez-la dans votre tableur.", "The cell shows an error. Mend it in your spreadsheet.");
    }

    private void OfValues()
    {
        Say(ImportCodes.NumberExpected, "Un nombre est attendu.", "A number is expected.");
        Say(ImportCodes.NumberAmbiguous, "Se lit {0} ou {1}. Précisez l’écriture des nombres de cette colonne.", "Reads as {0} or {1}. Say how this column’s numbers are written.");
        Say(ImportCodes.WholeNumberExpected, "Un nombre entier est attendu.", "A whole number is expected.");
        Say(ImportCodes.NumberNegative, "Un nombre négatif n’est pas possible ici.", "A negative number isn’t possible here.");
        Say(ImportCodes.NumberTooLarge, "Le nombre dépasse {0}.", "The number is above {0}.");
        Say(ImportCodes.MoneyTooPrecise, "Trop de décimales\u202F: {0} au plus en {1}. Arrondissez le montant.", "Too many decimals: {0} at most in {1}. Round the amount.");
        Say(ImportCodes.CurrencyOther, "Le montant est en {0}, et {1} est attendu.", "The amount is in {0}, and {1} is expected.");
        Say(ImportCodes.PercentUnexpected, "Un pourcentage n’est pas possible ici.", "A percentage isn’t possible here.");
        Say(ImportCodes.DateExpected, "Une date est attendue, par exemple 24/11/2026 20:30.", "A date is expected, 24/11/2026 20:30 for instance.");
        Say(ImportCodes.DateAmbiguous, "Peut être le {0:d} ou le {1:d} (jour/mois). Précisez l’ordre du jour et du mois de cette colonne.", "May be {0:d} or {1:d} (day/month). Say whether this column’s dates begin with the day or the month.");
        Say(ImportCodes.DateNotInCalendar, "Cette date n’existe pas.", "This date doesn’t exist.");
        Say(ImportCodes.DateNotThatWeekday, "Cette date tombe un autre jour de la semaine ({0}). Corrigez l’un ou l’autre.", "This date falls on another day of the week ({0}). Correct one or the other.");
        Say(ImportCodes.TimeSkipped, "Cette heure n’existe pas à {0}\u202F: l’heure change cette nuit-là. La première heure valable est {1}.", "This time doesn’t exist in {0}: the clocks change that night. The first valid time is {1}.");
        Say(ImportCodes.TimeExpected, "Une heure est attendue, par exemple 20:30.", "A time is expected, 20:30 for instance.");
        Say(ImportCodes.TimeMissing, "L’heure manque. Ajoutez-la à la date, dans une colonne, ou comme valeur fixe.", "The time is missing. Add it to the date, in a column, or as a fixed value.");
        Say(ImportCodes.TextTooLong, "Ce texte a plus de {0:n} caractères. Raccourcissez-le.", "This text has more than {0:n} characters. Shorten it.");
    }

    private void OfMappings()
    {
        Say(ImportCodes.FieldUnmapped, "Rien ne donne le champ {0:q}. Choisissez sa colonne, ou une valeur fixe.", "Nothing gives the field {0:q}. Choose its column, or a fixed value.");
        Say(ImportCodes.ColumnMissing, "Cette colonne donnait le champ {0:q} et n’est plus dans le fichier.", "This column gave the field {0:q} and is no longer in the file.");
        Say(ImportCodes.FieldMappedTwice, "Deux colonnes donnent le même champ {0:q}. N’en gardez qu’une.", "Two columns give the same field {0:q}. Keep only one.");
        Say(ImportCodes.FieldEmpty, "Le champ {0:q} est vide sur cette ligne.", "The field {0:q} is empty on this line.");
        Say(ImportCodes.HeadersNotFound, "Aucune ligne d’en-têtes n’a été trouvée. Ajoutez une première ligne qui nomme les colonnes.", "No line of headers was found. Add a first line that names the columns.");
        Say(ImportCodes.NoLines, "Le fichier n’a que des en-têtes.", "The file has headers only.");
    }

    private void OfSessions()
    {
        Say(ImportCodes.LineDuplicate, "Dit la même chose que la ligne {0}. Supprimez l’une des deux.", "Says the same as line {0}. Delete one of them.");
        Say(ImportCodes.LinesDisagree, "Contredit la ligne {2}, où {0:q} est {1}. Corrigez l’une des deux.", "Contradicts line {2}, where {0:q} is {1}. Correct one of them.");
        Say(ImportCodes.SessionUnknown, "Aucune séance ne correspond. Les plus proches\u00A0: {*}.", "No session matches. The nearest: {*}.");
        Say(ImportCodes.SessionAmbiguous, "Plusieurs séances sont possibles\u00A0: {*}. Ajoutez l’heure, le lieu ou l’identifiant de la séance.", "Several sessions are possible: {*}. Add the session’s time, place or identifier.");
        Say(ImportCodes.ShowAmbiguous, "Plusieurs spectacles portent ce titre. Renommez l’un d’eux, ou nommez la séance par son identifiant.", "Several shows have this title. Rename one of them, or name the session by its identifier.");
        Say(ImportCodes.SessionLocked, "Cette séance est annulée\u202F: elle ne change plus.", "This session is cancelled: it no longer changes.");
        Say(ImportCodes.SessionReceives, "Les pointages de cette séance viennent d’une liaison\u202F: ils ne s’importent pas.", "This session’s tallies come over a link: they are not imported.");
        Say(ImportCodes.CategoryUnknown, "Catégorie inconnue de cette séance, qui a\u00A0: {*}.", "Category unknown to this session, which has: {*}.");
        Say(ImportCodes.TariffUnknown, "Tarif inconnu de cette séance, qui a\u00A0: {*}.", "Tariff unknown to this session, which has: {*}.");
        Say(ImportCodes.ChannelUnknown, "Réseau inconnu de cette séance, qui a\u00A0: {*}.", "Channel unknown to this session, which has: {*}.");
    }
}

/// <summary>Refusals of an import's commands, which the forms show like any other.</summary>
internal sealed class ImportCommandTexts : RefusalTexts
{
    public ImportCommandTexts()
    {
        Say("import-accepted", "Ce fichier a déjà été importé. Déposez-le de nouveau pour l’importer encore.", "This file was already imported. Upload it again to import it once more.");
        Say("import-unknown", "Cet import n’existe pas, ou plus.", "This import doesn’t exist, or no longer does.");
        Say("import-plan-missing", "Rien n’est à importer. Reprenez depuis le fichier.", "There is nothing to import. Start again from the file.");
        Say("import-unconfirmed",
            "Confirmez les pointages signalés ({0:n|séance|séances}), ou enregistrez-les en brouillons.",
            "Confirm the flagged tallies ({0:n|session|sessions}), or save them as drafts.");
    }
}
