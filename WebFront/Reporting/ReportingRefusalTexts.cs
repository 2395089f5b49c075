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
        Say("report-pause-reversed", "Cette pause finit avant de commencer. Corrigez l’une des deux dates.", "This pause ends before it begins. Correct one of the two dates.");
    }
}
