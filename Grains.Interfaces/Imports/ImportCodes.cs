namespace Guichet.Imports;

/// <summary>
/// The names of everything that an import refuses. Stable: screens and the API tell people what to mend by them.
/// The arguments of each stand in its comment, in their order.
/// </summary>
public static class ImportCodes
{
    // The file as a whole.

    /// <summary>Argument: the limit in bytes.</summary>
    public const string FileTooLarge = "file-too-large";
    public const string FileEmpty = "file-empty";

    /// <summary>Neither text with separators nor a workbook. Argument: what it looks like (<c>pdf</c>, <c>xls</c>, <c>xlsb</c>, <c>ods</c>, <c>html</c>, <c>zip</c>, <c>image</c>, <c>unknown</c>).</summary>
    public const string FileNotTabular = "file-not-tabular";
    public const string FileEncrypted = "file-encrypted";

    /// <summary>Cut short, or not what its format says. Argument: the part that could not be read, empty for the archive itself.</summary>
    public const string FileDamaged = "file-damaged";

    /// <summary>Unpacks to far more than its size. Argument: the limit that it passed (<c>bytes</c>, <c>ratio</c>, <c>entries</c>, <c>text</c>).</summary>
    public const string FileUnpacksTooLarge = "file-unpacks-too-large";

    /// <summary>A document type or entity declaration in a workbook's part. Argument: the part.</summary>
    public const string XmlDoctype = "xml-doctype";

    /// <summary>Argument: the sheet asked for.</summary>
    public const string SheetUnknown = "sheet-unknown";

    /// <summary>Argument: the limit.</summary>
    public const string TooManyColumns = "too-many-columns";

    /// <summary>Argument: the limit.</summary>
    public const string TooManyRows = "too-many-rows";

    /// <summary>Argument: the limit.</summary>
    public const string TooManyCells = "too-many-cells";

    // A line or a cell that cannot be read.

    /// <summary>Argument: the limit in characters.</summary>
    public const string CellTooLong = "cell-too-long";

    /// <summary>Argument: the limit in characters.</summary>
    public const string LineTooLong = "line-too-long";

    /// <summary>A NUL or another character that no text holds. Argument: <c>U+0000</c> and the like.</summary>
    public const string ControlCharacter = "control-character";

    /// <summary>The file begins in UTF-8 and goes on in something else.</summary>
    public const string EncodingMixed = "encoding-mixed";
    public const string QuotesUnclosed = "quotes-unclosed";

    /// <summary>A formula: its cached result is not what was typed, and may be stale.</summary>
    public const string CellFormula = "cell-formula";

    /// <summary>A cell that shows an error (<c>#REF!</c>).</summary>
    public const string CellError = "cell-error";

    // Values.

    public const string NumberExpected = "number-expected";

    /// <summary>Reads as two different numbers, and nothing in its column says which. Arguments: read the French way, read the English way.</summary>
    public const string NumberAmbiguous = "number-ambiguous";
    public const string WholeNumberExpected = "whole-number-expected";
    public const string NumberNegative = "number-negative";

    /// <summary>Argument: the limit.</summary>
    public const string NumberTooLarge = "number-too-large";

    /// <summary>More decimals than the currency has. Arguments: the decimals allowed, the currency.</summary>
    public const string MoneyTooPrecise = "money-too-precise";

    /// <summary>Arguments: the currency found, the one expected.</summary>
    public const string CurrencyOther = "currency-other";
    public const string PercentUnexpected = "percent-unexpected";

    public const string DateExpected = "date-expected";

    /// <summary>Day and month could be either, and nothing in the column says which. Arguments: day first and month first, as ISO dates.</summary>
    public const string DateAmbiguous = "date-ambiguous";

    /// <summary>31/02, or 29/02 of a year that has none.</summary>
    public const string DateNotInCalendar = "date-not-in-calendar";

    /// <summary>Argument: the date's true day of the week, 1 for Monday to 7.</summary>
    public const string DateNotThatWeekday = "date-not-that-weekday";

    /// <summary>Skipped by a clock change. Arguments: the zone, the local time just after the change.</summary>
    public const string TimeSkipped = "time-skipped";
    public const string TimeExpected = "time-expected";

    /// <summary>A date without a time where a time is needed.</summary>
    public const string TimeMissing = "time-missing";
    /// <summary>Argument: the limit in characters.</summary>
    public const string TextTooLong = "text-too-long";
    // The mapping.

    /// <summary>No column is mapped to a field that is needed. Argument: the field.</summary>
    public const string FieldUnmapped = "field-unmapped";

    /// <summary>A column that the mapping names is not in the file. Argument: the field it fed.</summary>
    public const string ColumnMissing = "column-missing";

    /// <summary>Two columns feed the same field. Argument: the field.</summary>
    public const string FieldMappedTwice = "field-mapped-twice";

    /// <summary>Nothing stands where something is needed. Argument: the field.</summary>
    public const string FieldEmpty = "field-empty";
    public const string HeadersNotFound = "headers-not-found";
    public const string NoLines = "no-lines";

    // The lines against what exists.

    /// <summary>Argument: the line that says the same.</summary>
    public const string LineDuplicate = "line-duplicate";

    /// <summary>Arguments: the field, the value there, the line that says so.</summary>
    public const string LinesDisagree = "lines-disagree";

    /// <summary>Arguments: the nearest sessions, each <c>title | date | place</c>.</summary>
    public const string SessionUnknown = "session-unknown";

    /// <summary>Arguments: the sessions that it could be, each <c>title | date | place</c>.</summary>
    public const string SessionAmbiguous = "session-ambiguous";

    /// <summary>Several shows have that title. Arguments: their ids.</summary>
    public const string ShowAmbiguous = "show-ambiguous";

    /// <summary>The session takes no more changes. Argument: its state.</summary>
    public const string SessionLocked = "session-locked";

    /// <summary>The session's figures come over a link: a file can't change them.</summary>
    public const string SessionReceives = "session-receives";

    /// <summary>Arguments: the session's categories.</summary>
    public const string CategoryUnknown = "category-unknown";

    /// <summary>Arguments: the session's tariffs.</summary>
    public const string TariffUnknown = "tariff-unknown";

    /// <summary>Arguments: the session's channels.</summary>
    public const string ChannelUnknown = "channel-unknown";

    // Partners.

    /// <summary>Not an e-mail address.</summary>
    public const string AddressInvalid = "address-invalid";
    public const string GroupUnknown = "group-unknown";
    public const string LanguageUnknown = "language-unknown";

    /// <summary>Arguments: the partners that it could be, each with an address.</summary>
    public const string PartnerAmbiguous = "partner-ambiguous";

    /// <summary>Two names of the file lead to one partner, by its addresses. Arguments: the partner, the line that led to it first.</summary>
    public const string PartnerTwice = "partner-twice";

    // Contacts.

    /// <summary>An address book's card that doesn't end.</summary>
    public const string CardUnclosed = "card-unclosed";
    public const string ContactKindUnknown = "contact-kind-unknown";
    public const string ContactTypeUnknown = "contact-type-unknown";
    public const string YesOrNoExpected = "yes-or-no-expected";
    public const string CountryUnread = "country-unread";
    public const string ContactLanguageUnknown = "contact-language-unknown";
    public const string RelationUnknown = "relation-unknown";
    public const string ContactNumberUnread = "contact-number-unread";

    /// <summary>No contact has that number.</summary>
    public const string ContactNumberUnknown = "contact-number-unknown";

    /// <summary>The number is of a contact that is called otherwise. Argument: it.</summary>
    public const string ContactNumberOfAnother = "contact-number-of-another";

    /// <summary>The number is of an archived contact. Argument: it.</summary>
    public const string ContactArchived = "contact-archived";

    /// <summary>Arguments: the contacts that it could be.</summary>
    public const string ContactAmbiguous = "contact-ambiguous";

    /// <summary>A person where the line says a structure, or the reverse. Argument: the contact.</summary>
    public const string ContactOfOtherKind = "contact-of-other-kind";

    /// <summary>The same contact as on another line. Argument: that line.</summary>
    public const string ContactTwice = "contact-twice";

    /// <summary>No structure has that number.</summary>
    public const string StructureUnknown = "structure-unknown";

    /// <summary>Arguments: the structures of that name.</summary>
    public const string StructureAmbiguous = "structure-ambiguous";

    /// <summary>Arguments: the criteria that there are.</summary>
    public const string CriterionUnread = "criterion-unread";

    /// <summary>Several criteria have such a value. Arguments: those criteria.</summary>
    public const string CriterionUnclear = "criterion-unclear";

    /// <summary>Argument: the criterion.</summary>
    public const string CriterionOnlyOne = "criterion-only-one";

    /// <summary>A consent without what proves it. Argument: the field that is missing.</summary>
    public const string ConsentUnproven = "consent-unproven";

    /// <summary>Argument: the limit.</summary>
    public const string TooManyTags = "too-many-tags";
}
