using Guichet.Words;

namespace Guichet.Reporting;

/// <summary>What calendars of reports refuse.</summary>
internal sealed class ReportingRefusalTexts : RefusalTexts
{
    public ReportingRefusalTexts()
    {
        Say("report-calendar-unknown", "Ce calendrier d’envoi n’existe pas ou plus. Rechargez la page.", "This sending calendar doesn’t exist, or no longer does. Reload the page.");
        Say("report-calendar-never",
            "Avec ces réglages, rien ne partirait dans les trois ans à venir. Vérifiez la première date, les pauses et les jours fériés, ou désactivez le calendrier.",
            "With these settings nothing would leave within the next three years. Check the first date, the pauses and the holidays, or switch the calendar off.");
        Say("report-weekdays-missing", "Cochez au moins un jour de la semaine.", "Tick at least one day of the week.");
        Say("report-weeks-out-of-range", "Indiquez un nombre de semaines de 1 à {0}.", "Give a number of weeks from 1 to {0}.");
        Say("report-month-days-missing", "Choisissez au moins un jour du mois, ou le dernier.", "Choose at least one day of the month, or the last one.");
        Say("report-month-day-out-of-range", "Les jours du mois vont de 1 à 31.", "Days of the month go from 1 to 31.");
        Say("report-month-days-unread",
            "{0:q} n’est pas un jour du mois. Écrivez des nombres de 1 à 31, séparés par des virgules : 1, 15.",
            "{0:q} is no day of the month. Write numbers from 1 to 31, with commas between them: 1, 15.");
        Say("report-time-unread", "Donnez l’heure d’envoi, par exemple 10:00.", "Give the time of sending, for example 10:00.");
        Say("report-date-unread", "Donnez une date entière, par exemple 24/11/2026.", "Give a whole date, for example 24/11/2026.");
        Say("report-pause-reversed", "Cette pause finit avant de commencer. Corrigez l’une des deux dates.", "This pause ends before it begins. Correct one of the two dates.");
    }
}
